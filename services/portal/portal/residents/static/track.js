// Shows news of a case as they come. Takes no focus and moves nothing but the list of steps.
"use strict";

(() => {
  const steps = document.getElementById("steps");
  const news = document.getElementById("news");
  if (!steps || !window.EventSource || new URLSearchParams(location.search).has("before")) return;
  const { stream, steps: address } = steps.dataset;
  let timer = 0;

  const look = async () => {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const newest = (of) => of.querySelector(".timeline")?.dataset.newest; // one answer has so many steps at most
    const text = await answer.text();
    const fresh = document.createElement("div");
    fresh.innerHTML = text;
    const first = fresh.querySelector(".timeline > li p:nth-of-type(2)");
    if (newest(fresh) === newest(steps)) return;
    steps.innerHTML = text;
    news.textContent = `${news.dataset.news} ${first ? first.textContent : ""}`;
  };

  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 400); // what comes at once is looked at once
  };

  // A browser comes back by itself after a break, but not once it was refused, nor where a stream is silent for ever.
  const stale = document.getElementById("stale");
  const silent = 1000 * Number(steps.dataset.silent);
  let source, last = Date.now(), tried = 0, old = false;
  const tell = () => {
    if (Date.now() - last <= silent) {
      if (old) heard(); // what was meanwhile
      old = false;
    } else {
      old = true;
      if (Date.now() - tried > silent) listen();
    }
    stale.className = old ? "note warn" : "";
    if (stale.textContent !== (old ? stale.dataset.said : "")) stale.textContent = old ? stale.dataset.said : "";
  };
  const hear = () => { last = Date.now(); tell(); };
  const listen = () => {
    source?.close();
    tried = Date.now();
    source = new EventSource(stream);
    source.addEventListener("alive", hear); // told while workflow is heard
    source.addEventListener("case", () => { hear(); heard(); });
  };
  listen();
  setInterval(tell, 1000);
  addEventListener("pagehide", () => source.close());
})();
