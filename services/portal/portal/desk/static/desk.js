// The desk where scripts run: keys, and the map beside the list. Without them the list has all of it.
"use strict";
(() => {
  const SWITCH = "linli-keys";
  const rows = () => Array.from(document.querySelectorAll("#bulk tbody tr[data-case], tr[data-case]"));
  let at = -1;

  const keysOn = () => localStorage.getItem(SWITCH) !== "off";
  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = keysOn();
    box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  }

  function go(step) {
    const all = rows();
    if (!all.length) return;
    if (at >= 0 && all[at]) all[at].classList.remove("here");
    at = Math.max(0, Math.min(all.length - 1, at + step));
    all[at].classList.add("here");
    const link = all[at].querySelector("a.case, a");
    if (link) link.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if (typing) return;
    const help = document.querySelector("details.keys");
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x" && at >= 0) {
      const chosen = rows()[at]?.querySelector("input[type=checkbox]");
      if (chosen) chosen.checked = !chosen.checked;
    } else if (event.key === "/") {
      const words = document.getElementById("q");
      if (!words) return;
      document.querySelector("details.filters").open = true;
      words.focus();
    } else if (event.key === "?" && help) {
      help.open = !help.open;
      help.querySelector("summary").focus();
    } else return;
    event.preventDefault();
  });

  const everything = document.getElementById("choose-all");
  if (everything) {
    everything.hidden = false;
    everything.firstElementChild.addEventListener("change", (event) => {
      for (const row of rows()) row.querySelector("input[type=checkbox]").checked = event.target.checked;
    });
  }

  // The map shows the rows of the list, no others: a case at its point, else in its neighbourhood.
  const place = document.getElementById("desk-map");
  if (!place || !window.L) return;
  place.hidden = false;
  const colour = () => getComputedStyle(document.documentElement).getPropertyValue("--pico-primary").trim() || "#0172ad";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(place, { attributionControl: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still });
  map.setView([36.1, 120.4], 12);
  const shown = L.featureGroup().addTo(map);
  const of = new Map();
  const without = [];
  for (const row of rows()) {
    const { case: id, lat, lon, place: where } = row.dataset;
    if (lat !== undefined) {
      const title = row.querySelector("a.case").textContent;
      const point = L.circleMarker([Number(lat), Number(lon)], { radius: 9, color: colour(), weight: 3 });
      const label = document.createElement("a");
      label.href = `/desk/cases/${id}`;
      label.textContent = title;
      point.bindPopup(label).addTo(shown);
      point.getElement()?.setAttribute("data-case", id);
      point.on("mouseover", () => row.classList.add("here")).on("mouseout", () => row.classList.remove("here"));
    } else if (where) of.set(where, [...(of.get(where) || []), id]);
    else without.push(id);
  }
  const fit = () => { if (shown.getLayers().length) map.fitBounds(shown.getBounds(), { padding: [20, 20], maxZoom: 16, animate: false }); };
  const tell = () => {
    const none = document.getElementById("map-none");
    none.hidden = !without.length;
    none.textContent = `${none.dataset.one} ${without.length}`;
    place.dataset.without = without.join(" ");
  };
  fit();
  const address = place.dataset.outlines;
  const drawn = address ? fetch(address, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : null)) : Promise.resolve(null);
  drawn.catch(() => null).then((outlines) => {
    if (outlines) {
      L.geoJSON(outlines, {
        style: (feature) => ({ color: colour(), weight: of.has(feature.properties.id) ? 3 : 1, fillOpacity: of.has(feature.properties.id) ? 0.25 : 0.05 }),
        onEachFeature: (feature, layer) => {
          const ids = of.get(feature.properties.id) || [];
          const label = document.createElement("span");
          label.textContent = ids.length ? `${feature.properties.name}: ${ids.length}` : feature.properties.name;
          layer.bindTooltip(label, ids.length ? { permanent: true, direction: "center" } : {});
          layer.on("add", () => layer.getElement()?.setAttribute("data-cases", ids.join(" ")));
          of.delete(feature.properties.id);
        },
      }).addTo(shown);
    }
    for (const ids of of.values()) without.push(...ids);
    fit();
    tell();
  });
})();
