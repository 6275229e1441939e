// Writing, attaching and recording.
import { byId, el, toast } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";
import { onChange, store } from "./store.js";
import { write } from "./conversation.js";

const drafts = new Map();
let recorder = null;

function fit() {
  const input = byId("input");
  input.style.height = "auto";
  input.style.height = Math.min(120, input.scrollHeight + 2) + "px";
}

async function sendText(event) {
  event?.preventDefault();
  const input = byId("input");
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  fit();
  if (!(await write({ type: "text", text })) && input.value === "") input.value = text;
  input.focus();
}

// While a Japanese word is being converted, Enter belongs to the conversion.
function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  sendText(event);
}

function openTray(open) {
  byId("attach-tray").hidden = !open;
  byId("attach").setAttribute("aria-expanded", String(open));
}

async function sendPicture(media) {
  openTray(false);
  const text = byId("input").value.trim();
  byId("input").value = "";
  fit();
  await write({ type: "image", media, text: text || undefined });
}

const base64Of = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

async function sendFile() {
  const file = byId("file").files[0];
  byId("file").value = "";
  if (file) await sendPicture({ mimeType: file.type, base64: await base64Of(file) });
}

function showTray() {
  const samples = store.samples.map((name) =>
    el(
      "button",
      { type: "button", "data-testid": `sample-${name}`, onclick: () => sendPicture({ sample: name }) },
      el("img", { src: `/samples/${name}.png`, alt: "" }),
      t("sample." + name),
    ),
  );
  const disk = el(
    "button",
    { type: "button", onclick: () => byId("file").click() },
    el("span", { class: "tile" }, icon("folder")),
    t("fromDisk"),
  );
  byId("attach-tray").replaceChildren(...samples, disk);
}

async function record() {
  if (recorder) {
    recorder.stop();
    return;
  }
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    toast(t("noMicrophone"));
    return;
  }
  const parts = [];
  recorder = new MediaRecorder(stream);
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = async () => {
    stream.getTracks().forEach((track) => track.stop());
    const mimeType = recorder.mimeType;
    recorder = null;
    showRecording();
    await write({ type: "audio", media: { mimeType, base64: await base64Of(new Blob(parts)) } });
  };
  recorder.start();
  showRecording();
}

function showRecording() {
  const button = byId("voice");
  button.classList.toggle("recording", recorder !== null);
  button.setAttribute("aria-label", t(recorder ? "stopRecording" : "record"));
  button.replaceChildren(icon(recorder ? "stop" : "mic"));
}

/** Keeps what was typed for each person. */
export function switchDraft(from, to) {
  if (from) drafts.set(from, byId("input").value);
  byId("input").value = drafts.get(to) ?? "";
  byId("input").disabled = !to;
  openTray(false);
  fit();
}

export function startComposer() {
  byId("input").disabled = true; // until a chat is open there is nobody to write to
  byId("composer").addEventListener("submit", sendText);
  byId("input").addEventListener("keydown", onKey);
  byId("input").addEventListener("input", fit);
  byId("attach").addEventListener("click", () => openTray(byId("attach-tray").hidden));
  byId("file").addEventListener("change", sendFile);
  byId("voice").addEventListener("click", record);
  byId("voice").hidden = !window.MediaRecorder || !navigator.mediaDevices;
  showRecording();
  onChange((parts) => {
    if (parts.includes("state") || parts.includes("language")) showTray();
  });
}
