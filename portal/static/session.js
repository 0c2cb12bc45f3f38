// Warns before the sign-in ends, lets the person stay with one click, and keeps typed text when it has ended.
// Without this script the sign-in page says why it is shown, and leads back.
(() => {
  "use strict";
  const dialog = document.getElementById("session");
  if (!dialog) return;

  const WARN_SECONDS = 5 * 60;
  const { person, left, stay } = dialog.dataset;
  let timer = 0;
  let typedAt = 0;

  const say = (what) => {
    for (const each of dialog.querySelectorAll("[data-say]")) each.hidden = each.dataset.say !== what;
    dialog.querySelector("[data-do=stay]").hidden = what !== "idle";
    dialog.querySelector("[data-do=sign-in]").hidden = what !== "ended";
    if (!dialog.open) dialog.showModal();
  };

  const token = () => document.querySelector("input[name=csrf_token]")?.value ?? "";

  // A sign-in made in another window has a token of its own: the forms of this page take it over.
  const takeToken = (fresh) => {
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = fresh;
  };

  const ask = async (address, method) => {
    const answer = await fetch(address, { method, headers: { "X-CSRFToken": token() }, redirect: "manual", cache: "no-store" });
    return answer.ok ? answer.json() : null;
  };

  const next = (seconds) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(check, Math.max(1, seconds) * 1000);
  };

  const follow = (state) => {
    if (state === null || String(state.person) !== person) return say("ended");
    takeToken(state.csrf_token);
    if (state.seconds > WARN_SECONDS) {
      if (dialog.open) dialog.close();
      return next(state.seconds - WARN_SECONDS);
    }
    say(state.last ? "last" : "idle");
    return next(state.seconds + 1);
  };

  const check = async () => {
    try {
      // Another window may have been used meanwhile; whoever has typed here within the last minutes is here.
      const typing = Date.now() - typedAt < WARN_SECONDS * 1000;
      follow((typing && (await ask(stay, "POST"))) || (await ask(left, "GET")));
    } catch {
      next(30);
    }
  };

  document.addEventListener("input", () => { typedAt = Date.now(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });
  window.addEventListener("focus", () => { if (dialog.open) check(); });
  dialog.querySelector("[data-do=close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-do=stay]").addEventListener("click", async () => {
    try {
      follow((await ask(stay, "POST")) || (await ask(left, "GET")));
    } catch {
      next(30);
    }
  });
  check();
})();
