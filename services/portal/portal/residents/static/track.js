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

  const source = new EventSource(stream);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 400); // what comes at once is looked at once
  };
  source.onmessage = heard;
  for (const kind of ["opened", "dispatched", "triaged", "accepted", "returned", "progressed", "resolved", "closed",
    "reopened", "withdrawn", "escalated", "paused", "resumed", "rated", "documented", "corrected", "merged",
    "unmerged", "split", "supplemented"]) source.addEventListener(`linli.case.${kind}.v1`, heard);
  addEventListener("pagehide", () => source.close());
})();
