// The sheet by keyboard: type two letters or a number to jump, Enter marks and moves on. Every tick is saved at once;
// what could not be saved stays ticked and goes with the form. Without this script there are the boxes and the button.
(() => {
  "use strict";
  const form = document.getElementById("sheet");
  const jump = document.getElementById("jump");
  if (!form || !jump || !form.querySelector(".buttons")) return;

  const rows = [...form.querySelectorAll(".ticks li")];
  const said = document.getElementById("jump-said");
  const latest = document.getElementById("latest");
  const entered = document.getElementById("entered");
  const difference = document.getElementById("difference");
  let place = Math.max(0, rows.findIndex((row) => !boxOf(row).checked));
  let saving = Promise.resolve();

  function boxOf(row) {
    return row.querySelector("input[type=checkbox]");
  }

  const fold = (text) =>
    text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("ł", "l").trim();

  const fill = (text, row) =>
    text.replace("{number}", row.dataset.number).replace("{person}", row.querySelector(".who").textContent);

  const show = (number) => {
    rows[place]?.classList.remove("current");
    place = Math.min(Math.max(number, 0), rows.length - 1);
    rows[place].classList.add("current");
    rows[place].scrollIntoView({ block: "nearest" });
  };

  // Where the typed text leads: the row of the number, else the first one in which a word begins like it.
  const find = (typed) => {
    if (/^\d+$/.test(typed)) return rows.findIndex((row) => row.dataset.number === typed);
    const begins = (row) => row.dataset.words.split(/\s+/).slice(1).some((word) => word.startsWith(typed));
    return rows.findIndex((row) => begins(row) || row.dataset.words.replace(/^\d+ /, "").startsWith(typed));
  };

  const look = () => {
    const typed = fold(jump.value);
    if (!/^\d/.test(typed) && typed.length < 2) {
      said.textContent = "";
      return true;
    }
    const found = find(typed);
    if (found >= 0) show(found);
    said.textContent = found < 0 ? form.dataset.none : fill(form.dataset.found, rows[found]);
    return found >= 0;
  };

  const next = () => {
    const open = rows.findIndex((row, number) => number > place && !boxOf(row).checked);
    show(open < 0 ? place : open);
  };

  // The form says what the page showed: what is saved has been shown.
  const remember = (box) => {
    const others = form.elements.shown.value.split(" ").filter((each) => each && each.split(":")[0] !== box.value);
    form.elements.shown.value = (box.checked ? [...others, box.value] : others).join(" ");
  };

  const note = (row) => {
    for (const each of latest.children) if (each.dataset.person === boxOf(row).value) each.remove();
    latest.parentElement.hidden = !latest.children.length && !boxOf(row).checked;
    if (!boxOf(row).checked) return;
    const item = document.createElement("li");
    const name = document.createElement("span");
    const undo = document.createElement("button");
    item.dataset.person = boxOf(row).value;
    name.textContent = `${row.dataset.number} ${row.querySelector(".who").textContent} `;
    undo.type = "button";
    undo.className = "btn btn-sm btn-outline-secondary";
    undo.textContent = latest.dataset.undo;
    undo.setAttribute("aria-label", `${latest.dataset.undo} ${name.textContent}`);
    undo.addEventListener("click", () => {
      boxOf(row).checked = false;
      tell(row);
      show(rows.indexOf(row));
      jump.focus();
    });
    item.append(name, undo);
    latest.prepend(item);
    while (latest.children.length > 5) latest.lastElementChild.remove();
  };

  const save = async (row, isPresent) => {
    const box = boxOf(row);
    const body = new URLSearchParams({
      csrf_token: form.elements.csrf_token.value,
      person: box.value,
      present: isPresent ? "1" : "0",
    });
    let told = null;
    let problem = "";
    try {
      const answer = await fetch(form.dataset.address, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      const isRead = answer.headers.get("Content-Type")?.startsWith("application/json");
      const read = isRead ? await answer.json() : null;
      if (answer.ok) told = read;
      else problem = read?.errors?.join(" ") ?? "";
    } catch {
      told = null;
    }
    row.classList.toggle("unsaved", told === null);
    if (told === null) {
      said.textContent = [problem, form.dataset.unsaved].filter(Boolean).join(" ");
      return;
    }
    if (box.checked === isPresent) remember(box);
    entered.textContent = told.entered;
    difference.textContent = told.words;
  };

  // One after the other, so that the last word on a row is the last to arrive.
  const tell = (row) => {
    const isPresent = boxOf(row).checked;
    note(row);
    saving = saving.then(() => save(row, isPresent));
  };

  const markCurrent = () => {
    const row = rows[place];
    if (boxOf(row).checked) {
      said.textContent = fill(form.dataset.there, row);
    } else {
      boxOf(row).checked = true;
      tell(row);
      next();
    }
    jump.value = "";
  };

  jump.addEventListener("input", look);
  jump.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (look()) markCurrent();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      show(place + (event.key === "ArrowDown" ? 1 : -1));
      said.textContent = fill(form.dataset.found, rows[place]);
    }
  });
  for (const row of rows) {
    boxOf(row).addEventListener("change", () => {
      tell(row);
      show(rows.indexOf(row));
    });
    boxOf(row).addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!boxOf(row).checked) {
        boxOf(row).checked = true;
        tell(row);
      }
      boxOf(rows[Math.min(rows.indexOf(row) + 1, rows.length - 1)]).focus();
    });
  }
  // What is on its way arrives before the form does.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saving.then(() => form.submit());
  });
  document.getElementById("jump-field").hidden = false;
  show(place);
  if (!document.querySelector("[role=alert]")) jump.focus({ preventScroll: true });
})();
