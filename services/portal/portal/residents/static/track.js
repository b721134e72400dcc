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
    const before = steps.querySelectorAll(".timeline > li").length;
    const text = await answer.text();
    const fresh = document.createElement("div");
    fresh.innerHTML = text;
    const first = fresh.querySelector(".timeline > li p:nth-of-type(2)");
    if (fresh.querySelectorAll(".timeline > li").length === before) return;
    steps.innerHTML = text;
    news.textContent = `${news.dataset.news} ${first ? first.textContent : ""}`;
  };

  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 400); // what comes at once is looked at once
  };
  const kinds = ["opened", "dispatched", "triaged", "accepted", "returned", "progressed", "resolved", "closed",
    "reopened", "withdrawn", "escalated", "paused", "resumed", "rated", "documented", "corrected", "merged",
    "unmerged", "split", "supplemented"];

  // A browser comes back by itself after a break, but not once it was refused, as while a service starts anew.
  const stale = document.getElementById("stale");
  let source, lost = 0, pause = 3;
  const tell = () => {
    const old = lost && Date.now() - lost > 20000;
    stale.className = old ? "note warn" : "";
    stale.textContent = old ? stale.dataset.said : "";
  };
  const listen = () => {
    source = new EventSource(stream);
    source.onopen = () => {
      if (lost) heard();
      lost = 0;
      pause = 3;
      tell();
    };
    source.onerror = () => {
      lost = lost || Date.now();
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(listen, 1000 * pause * (0.7 + 0.6 * Math.random()));
      pause = Math.min(2 * pause, 60);
    };
    source.onmessage = heard;
    for (const kind of kinds) source.addEventListener(`linli.case.${kind}.v1`, heard);
  };
  listen();
  setInterval(tell, 1000);
  addEventListener("pagehide", () => source.close());
})();
