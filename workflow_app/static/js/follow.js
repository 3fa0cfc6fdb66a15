// Parts of a page that follow a form: the dates that run from a chosen day, the preview of a document being written.
//
// <div id data-follow="form id" data-follow-url data-follow-fields="a b" data-follow-wait="400" data-follow-part="#preview"> is
// replaced by the part of the same id (or of data-follow-part) from the page at that address, asked for with the named
// fields in the query, some time after the last change of the form. Without the script the page shows what it was sent with.
import { debounce } from "./kit.js";

document.querySelectorAll("[data-follow]").forEach((part) => {
  const form = document.getElementById(part.dataset.follow);
  if (!form) return;
  const fields = (part.dataset.followFields || "").split(" ").filter(Boolean);
  const later = debounce(() => renew(part, form, fields), Number(part.dataset.followWait || 400));
  const changed = (event) => { if (!fields.length || fields.includes(event.target.name)) later(); };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
});

async function renew(part, form, fields) {
  const address = new URL(part.dataset.followUrl, location.href);
  fields.forEach((name) => address.searchParams.set(name, form.elements[name].value));
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(part.dataset.followPart || `#${part.id}`);
    if (fresh) part.replaceChildren(...fresh.childNodes);
  } catch { /* what stands there stays; the next change asks again */
  } finally {
    part.removeAttribute("aria-busy");
  }
}
