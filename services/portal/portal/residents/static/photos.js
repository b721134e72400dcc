// Sends photos one by one, with progress, and goes on after a break where it was.
"use strict";

(() => {
  const print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  const form = document.getElementById("add-photos");
  if (!form || !window.linliPhotos || !window.XMLHttpRequest) return;
  const { code, submission } = form.dataset;
  const list = form.querySelector("#photos");
  const chosen = form.querySelector("input[type=file]");
  const told = form.querySelector("#sending");
  const shown = new Map();
  let sending = false;

  const line = (each) => {
    if (shown.has(each.id)) return shown.get(each.id);
    const item = document.createElement("li");
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = URL.createObjectURL(each.blob);
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", chosen.labels[0].textContent);
    const word = document.createElement("small");
    item.append(picture, bar, word);
    list.append(item);
    list.hidden = false;
    shown.set(each.id, { bar, word });
    return shown.get(each.id);
  };

  const post = (each, { bar }) =>
    new Promise((resolve) => {
      const call = new XMLHttpRequest();
      call.open("POST", `/v1/submissions/${encodeURIComponent(submission)}/attachments`);
      call.setRequestHeader("X-Tracking-Code", code);
      call.timeout = 300000;
      call.upload.onprogress = (event) => {
        if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
      };
      call.onload = () => resolve(call.status);
      call.onerror = call.ontimeout = call.onabort = () => resolve(0);
      const body = new FormData();
      body.append("photo", each.blob, "photo.jpg");
      call.send(body);
    });

  const rest = (seconds) =>
    new Promise((resolve) => {
      const timer = setTimeout(done, seconds * 1000);
      function done() {
        clearTimeout(timer);
        window.removeEventListener("online", done);
        resolve();
      }
      window.addEventListener("online", done);
    });

  // A photo that was taken already is the same to intake when it comes once more: nothing is there twice.
  const sendAll = async () => {
    if (sending) return;
    sending = true;
    let pause = 2;
    for (let waiting = await linliPhotos.of(code); waiting.length; waiting = await linliPhotos.of(code)) {
      waiting.forEach(line);
      const [each] = waiting;
      const parts = line(each);
      const status = await post(each, parts);
      if (status === 201 || status === 200) {
        await linliPhotos.drop(each.id);
        parts.bar.value = 100;
        parts.word.textContent = form.dataset.sent;
        pause = 2;
      } else if (status === 0 || status === 503 || status === 429 || status >= 500) {
        parts.word.textContent = form.dataset.waiting;
        await rest(pause);
        pause = Math.min(pause * 2, 60);
      } else {
        await linliPhotos.drop(each.id);
        parts.word.textContent = form.dataset.left;
      }
    }
    sending = false;
    told.textContent = shown.size ? form.dataset.sent : "";
  };

  linliPhotos.can().then((can) => {
    if (!can) return; // the plain form does it
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      for (const file of [...chosen.files].slice(0, 10)) {
        await linliPhotos.keep(code, submission, await linliPhotos.shrink(file));
      }
      chosen.value = "";
      sendAll();
    });
    linliPhotos.tidy().catch(() => {});
    sendAll();
  });
})();
