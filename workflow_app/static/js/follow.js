// Parts of a page that follow a form: the dates that run from a chosen day, the preview of what is being written.
//
// <div id data-follow="form id" data-follow-url data-follow-fields="a b" data-follow-wait="400" data-follow-part="#preview"> is
// replaced by the part of the same id (or of data-follow-part) from the page at that address, asked for with the named
// fields in the query, some time after the last change of the form. Without the script the page shows what it was sent with.
//
// data-follow-post: the whole form is posted there, for it is longer than an address may be; what answers must keep nothing of it.
// data-follow-with="id of the part": this element gets from the same answer what stands there under its own id, nothing where
// it does not; the field that it describes (aria-describedby) is invalid while a complaint stands in it.
import { debounce, typedIn } from "./kit.js";

document.querySelectorAll("[data-follow]").forEach((part) => {
  const form = document.getElementById(part.dataset.follow);
  if (!form) return;
  const fields = (part.dataset.followFields || "").split(" ").filter(Boolean);
  let asked = null;
  const later = debounce(() => {
    asked?.abort(); // what was typed before is asked for no more
    asked = new AbortController();
    renew(part, form, fields, asked.signal);
  }, Number(part.dataset.followWait || 400));
  const changed = (event) => { if (!fields.length || fields.includes(event.target.name)) later(); };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
});

function ask(part, form, fields, signal) {
  const address = new URL(part.dataset.followUrl, location.href);
  const how = { credentials: "same-origin", redirect: "error", signal };
  if ("followPost" in part.dataset) {
    const body = typedIn(form);
    body.delete("opened_by"); // the form itself is not sent: a text that waits for it goes on waiting
    return fetch(address, { ...how, method: "POST", body });
  }
  fields.forEach((name) => address.searchParams.set(name, form.elements[name].value));
  return fetch(address, how);
}

async function renew(part, form, fields, signal) {
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(part, form, fields, signal);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(part.dataset.followPart || `#${part.id}`);
    if (!fresh) return;
    part.replaceChildren(...fresh.childNodes);
    document.querySelectorAll(`[data-follow-with="${CSS.escape(part.id)}"]`).forEach((one) => follow(one, page));
  } catch { /* what stands there stays; the next change asks again */
  } finally {
    if (!signal.aborted) part.removeAttribute("aria-busy");
  }
}

function follow(one, page) {
  if (one.contains(document.activeElement)) return;
  const fresh = page.getElementById(one.id);
  if ((fresh?.innerHTML || "") !== one.innerHTML) one.replaceChildren(...(fresh?.childNodes || [])); // unchanged words are not read out again
  document.querySelectorAll(`[aria-describedby="${CSS.escape(one.id)}"]`).forEach((field) => {
    if (one.querySelector(".field-error")) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
  });
}
