// Makes reporting quicker: hints while one writes, a map, smaller photos, a draft that stays. All of it works without.
"use strict";

(() => {
  const form = document.getElementById("report");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const hints = document.getElementById("hints");
  const told = document.getElementById("sending");

  // The draft: words and place, never who somebody is, for others may use this device too.
  const DRAFT = "linli-report";
  const KEPT = ["title", "text", "neighbourhood", "place", "category", "lon", "lat"];
  const note = document.getElementById("draft-note");
  const store = {
    read: () => { try { return JSON.parse(localStorage.getItem(DRAFT)) || null; } catch { return null; } },
    write: (draft) => { try { localStorage.setItem(DRAFT, JSON.stringify(draft)); } catch { /* full, or forbidden */ } },
    drop: () => { try { localStorage.removeItem(DRAFT); } catch { /* forbidden */ } },
  };
  const value = (name) => (field(name) ? field(name).value : "");
  const draft = store.read();
  if (draft && !value("title") && draft.community === value("community")) {
    for (const name of KEPT) if (field(name) && draft[name]) field(name).value = draft[name];
    const kind = form.querySelector(`input[name=kind][value="${CSS.escape(draft.kind || "")}"]`);
    if (kind) kind.checked = true;
    note.hidden = false;
  }
  document.getElementById("draft-drop").addEventListener("click", () => {
    store.drop();
    location.replace(location.pathname + location.search);
  });
  let sent = false; // then nothing brings it back: neither a pause in writing nor an answer that is still on its way
  const remember = () => {
    if (sent) return;
    const now = { community: value("community"), kind: value("kind") };
    for (const name of KEPT) now[name] = value(name);
    if (now.title || now.text) store.write(now);
  };

  // What is known already.
  let asked = 0;
  let timer = 0;
  const ask = async () => {
    if (value("title").trim().length < 2) return;
    const mine = ++asked;
    const body = new FormData(form);
    body.delete("photo");
    for (const name of ["name", "phone", "email"]) body.delete(name);
    const answer = await fetch("/report/hints", { method: "POST", body }).catch(() => null);
    if (mine !== asked || !answer || !answer.ok) return;
    const text = (await answer.text()).trim();
    if (hints.innerHTML.trim() !== text && !hints.contains(document.activeElement)) hints.innerHTML = text;
  };
  form.addEventListener("input", (event) => {
    if (hints.contains(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(() => { remember(); ask(); }, 900);
  });
  form.addEventListener("change", (event) => { if (!hints.contains(event.target)) ask(); });
  hints.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-category]");
    if (!pressed) return;
    field("category").value = pressed.dataset.category;
    field("category").focus();
    remember();
    ask();
  });
  if (value("title") && !field("checked")) ask();

  // The point.
  const place = document.getElementById("on-map");
  const box = document.getElementById("map");
  const opener = document.getElementById("open-map");
  const pointTold = document.getElementById("point");
  const remover = document.getElementById("no-point");
  let map = null;
  let mark = null;
  place.hidden = false;

  const set = async (lon, lat, by) => {
    const body = new FormData();
    for (const [name, said] of Object.entries({ lon, lat, by, community: value("community") })) body.append(name, said);
    const answer = await fetch("/report/where", { method: "POST", body }).catch(() => null);
    if (!answer || !answer.ok) return;
    const found = await answer.json();
    field("lon").value = found.lon;
    field("lat").value = found.lat;
    const chosen = field("neighbourhood");
    if (found.neighbourhood && chosen) chosen.value = found.neighbourhood;
    pointTold.textContent = form.dataset.set;
    remover.hidden = false;
    show();
    remember();
    ask();
  };
  const show = () => {
    if (!map || !value("lon")) return;
    const there = [Number(value("lat")), Number(value("lon"))];
    if (mark) mark.setLatLng(there);
    else mark = L.circleMarker(there, { radius: 9, weight: 3, color: "#a3001b" }).addTo(map);
    if (!map.getBounds().contains(there)) map.setView(there, Math.max(map.getZoom(), 16));
  };
  remover.addEventListener("click", () => {
    field("lon").value = field("lat").value = "";
    if (mark) mark.remove();
    mark = null;
    pointTold.textContent = "";
    remover.hidden = true;
    remember();
  });
  document.getElementById("here").addEventListener("click", () => {
    const none = () => { pointTold.textContent = form.dataset.nowhere; };
    if (!navigator.geolocation) return none();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => set(coords.longitude, coords.latitude, "device"), none,
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
  const load = (tag, address) =>
    new Promise((resolve, reject) => {
      const part = document.createElement(tag);
      if (tag === "link") { part.rel = "stylesheet"; part.href = address; } else part.src = address;
      part.onload = resolve;
      part.onerror = reject;
      document.head.append(part);
    });
  const draw = async () => {
    // Only who opens the map pays for it.
    await Promise.all([load("link", form.dataset.leafletCss), load("script", form.dataset.leaflet)]);
    const { items } = await (await fetch(form.dataset.outlines)).json();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    map = L.map(box, { zoomAnimation: !still, fadeAnimation: !still, attributionControl: !!form.dataset.credit });
    if (form.dataset.tiles) L.tileLayer(form.dataset.tiles, { attribution: form.dataset.credit, maxZoom: 19 }).addTo(map);
    const english = document.documentElement.lang === "en";
    const all = L.featureGroup();
    for (const each of items) {
      const label = document.createElement("span"); // a name is words, whatever stands in it
      label.textContent = (english && each.name_en) || each.name;
      for (const ring of each.rings) {
        L.polygon(ring.map(([lon, lat]) => [lat, lon]), { color: "#0b5d3b", weight: 2, fillOpacity: 0.08 })
          .bindTooltip(label.cloneNode(true), { permanent: true, direction: "center" }).addTo(all);
      }
    }
    all.addTo(map);
    if (items.length) map.fitBounds(all.getBounds(), { padding: [10, 10] });
    else map.setView([Number(value("lat")) || 36.1, Number(value("lon")) || 120.4], 15);
    map.on("click", ({ latlng }) => set(latlng.lng, latlng.lat, "map"));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const { lng, lat } = map.getCenter();
      set(lng, lat, "map");
    });
    show();
  };
  opener.addEventListener("click", async () => {
    const open = box.hidden;
    box.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open && !map) await draw().catch(() => { place.hidden = true; });
  });
  if (value("lon")) { pointTold.textContent = form.dataset.set; remover.hidden = false; }

  // Sending: the words first, then one photo after the other from the receipt's page.
  const chosen = field("photo");
  const list = document.getElementById("photos");
  chosen.addEventListener("change", () => {
    list.replaceChildren(...[...chosen.files].slice(0, 10).map((file) => {
      const item = document.createElement("li");
      const picture = document.createElement("img");
      picture.alt = file.name;
      picture.src = URL.createObjectURL(file);
      item.append(picture);
      return item;
    }));
    list.hidden = !chosen.files.length;
  });
  let going = false;
  form.addEventListener("submit", async (event) => {
    const files = [...chosen.files].slice(0, 10);
    event.preventDefault();
    if (going) return;
    going = true;
    told.textContent = form.dataset.sending;
    const plain = () => { going = false; form.submit(); };
    if (files.length && !(await linliPhotos.can())) return plain();
    const body = new FormData(form);
    body.delete("photo");
    body.set("checked", "1");
    const answer = await fetch("/report", { method: "POST", body, headers: { Accept: "application/json" } })
      .catch(() => null);
    if (!answer) {
      remember();
      told.textContent = form.dataset.failed;
      going = false;
      return;
    }
    if (!answer.ok) return plain(); // the page says what is wrong, at each field
    const receipt = await answer.json();
    sent = true;
    store.drop();
    for (const file of files) {
      await linliPhotos.keep(receipt.code, receipt.id, await linliPhotos.shrink(file)).catch(() => {});
    }
    location.assign(`/track/${encodeURIComponent(receipt.code)}/receipt?id=${encodeURIComponent(receipt.id)}`);
  });
})();
