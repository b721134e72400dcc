// Puts where the telephone is beside the photos, when it is asked to.
"use strict";

(() => {
  const form = document.getElementById("shot");
  const row = document.getElementById("place");
  if (!form || !row || !navigator.geolocation) return;
  const told = document.getElementById("place-told");
  row.hidden = false;
  document.getElementById("here").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lon.value = coords.longitude;
        form.elements.lat.value = coords.latitude;
        told.textContent = told.dataset.set;
      },
      () => { told.textContent = told.dataset.nowhere; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
})();
