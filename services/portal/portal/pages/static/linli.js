// What every page does where scripts run; without them all works too.
"use strict";

// A button that was pressed is not pressed twice.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented || button.dataset.again !== undefined) return;
  button.setAttribute("aria-busy", "true");
  setTimeout(() => button.removeAttribute("aria-busy"), 8000);
});

// A live page that hears nothing says so, whatever the reason is, and takes it back once it hears something.
(() => {
  const live = document.getElementById("live");
  const told = document.getElementById("stale");
  if (!live || !told) return;
  const silent = 1000 * Number(live.dataset.silent);
  let heard = Date.now();
  let tried = 0;
  // htmx comes back after a stream that ended; not after one that never began, nor one that is silent for ever.
  const again = () => {
    tried = Date.now();
    const open = live._htmx && live._htmx.sse;
    if (open) open.reader?.cancel();
    else htmx.ajax("GET", live.getAttribute("hx-sse:connect"), { source: live });
  };
  const say = () => {
    const stale = Date.now() - heard > silent;
    if (stale && Date.now() - tried > silent) again();
    if (stale === document.body.classList.contains("stale")) return;
    document.body.classList.toggle("stale", stale);
    told.className = stale ? "note warn" : "";
    told.textContent = stale ? told.dataset.said : "";
  };
  const hear = () => { heard = Date.now(); say(); };
  live.addEventListener("htmx:sse:before:message", hear);
  // Nobody is told anything behind another tab: who comes back is told anew.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) hear(); });
  setInterval(() => { if (!document.hidden) say(); }, 1000);
})();
