// Photos that wait to be sent, kept in the browser until they are: a break in the network, or a closed tab, loses none.
"use strict";

window.linliPhotos = (() => {
  const LONGEST = 2048; // pixels: more than anybody looks at, and what intake makes of it
  const QUALITY = 0.8;

  const open = () =>
    new Promise((resolve, reject) => {
      if (!window.indexedDB) return reject(new Error("none"));
      const asked = indexedDB.open("linli", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "id", autoIncrement: true });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
      asked.onblocked = () => reject(new Error("blocked"));
    });

  const within = async (mode, act) => {
    const base = await open();
    try {
      return await new Promise((resolve, reject) => {
        const change = base.transaction("photos", mode);
        const asked = act(change.objectStore("photos"));
        change.oncomplete = () => resolve(asked && asked.result);
        change.onerror = change.onabort = () => reject(change.error || new Error("aborted"));
      });
    } finally {
      base.close();
    }
  };

  // Smaller where the browser can; else as it is. What comes out has no place and time of its taking.
  const shrink = async (file) => {
    if (!window.createImageBitmap || file.type === "image/gif") return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const part = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * part));
      canvas.height = Math.max(1, Math.round(picture.height * part));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
      return small && small.size < file.size ? small : file;
    } catch {
      return file;
    }
  };

  return {
    shrink,
    can: () => within("readonly", (store) => store.count()).then(() => true, () => false),
    keep: (code, submission, blob) => within("readwrite", (store) => store.add({ code, submission, blob, at: Date.now() })),
    of: async (code) => (await within("readonly", (store) => store.getAll())).filter((each) => each.code === code),
    drop: (id) => within("readwrite", (store) => store.delete(id)),
    // What nobody came back for in a week goes.
    tidy: async () => {
      const old = (await within("readonly", (store) => store.getAll())).filter((each) => each.at < Date.now() - 6048e5);
      for (const each of old) await within("readwrite", (store) => store.delete(each.id));
    },
  };
})();
