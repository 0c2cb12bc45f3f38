// Marks by tap without loading the page anew, and narrows the list while somebody types. Without this script the
// buttons and the search do the same, one page after the other.
(() => {
  "use strict";
  const form = document.getElementById("people");
  const search = document.getElementById("q");
  if (!form || !search) return;

  const rows = [...form.querySelectorAll("li")];
  const said = document.getElementById("said");
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("ł", "l").trim();

  const show = (row, isHere) => {
    row.classList.toggle("is-here", isHere);
    row.querySelector(".here-mark").hidden = !isHere;
    row.querySelector("[name=mark]").hidden = isHere;
    row.querySelector("[name=undo]").hidden = !isHere;
  };

  const send = async (button) => {
    const row = button.closest("li");
    const isFocused = document.activeElement === button;
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, [button.name]: button.value });
    button.disabled = true;
    try {
      const answer = await fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      // What was refused, the page itself says in words; what failed, it may not be able to.
      if (answer.status >= 400 && answer.status < 500) return location.reload();
      if (!answer.ok) {
        said.textContent = form.dataset.failed;
        return;
      }
      const told = await answer.json();
      said.textContent = told.said;
      document.getElementById("present").textContent = told.present;
      show(row, told.is_present);
    } catch {
      // No net: the button itself tries again and shows what becomes of it.
      said.textContent = form.dataset.lost;
    } finally {
      button.disabled = false;
      // The keyboard stays at the person, whose other button is the one to be seen now.
      if (isFocused) (button.hidden ? row.querySelector("button:not([hidden])") : button).focus();
    }
  };

  const fits = (row, typed) =>
    /^\d+$/.test(typed) ? row.dataset.number.startsWith(typed) || row.dataset.words.includes(` ${typed}`)
      : typed.split(/\s+/).every((word) => row.dataset.words.includes(word));

  const narrow = () => {
    const typed = fold(search.value);
    for (const row of rows) row.hidden = typed !== "" && !fits(row, typed);
  };

  form.addEventListener("submit", (event) => {
    if (!event.submitter?.name) return;
    event.preventDefault();
    send(event.submitter);
  });
  search.addEventListener("input", narrow);
  search.form.addEventListener("submit", (event) => {
    const left = rows.filter((row) => !row.hidden);
    const exact = left.filter((row) => row.dataset.number === fold(search.value));
    const [row] = exact.length === 1 ? exact : left;
    if (!row || (left.length > 1 && exact.length !== 1) || !search.value) return;
    event.preventDefault();
    if (!row.classList.contains("is-here")) send(row.querySelector("[name=mark]"));
    else row.querySelector("[name=undo]").focus();
    search.value = "";
    narrow();
  });
})();
