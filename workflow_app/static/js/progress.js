// A page that tells of work on the server: while its part says so, the part is replaced by that of a fresh answer.
//
// <div id data-progress-again>…</div>; without the attribute in the answer the asking ends.
const EVERY = 1500;

function part() { return document.querySelector("[data-progress-again]"); }

async function renew() {
  const shown = part();
  if (!shown) return;
  if (document.hidden) return later();
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(shown.id);
      const held = document.activeElement && shown.contains(document.activeElement) ? document.activeElement.textContent : "";
      if (fresh) shown.replaceWith(fresh);
      if (held) [...fresh.querySelectorAll("a, button")].find((one) => one.textContent === held)?.focus();
    }
  } catch { /* the server may be busy: the next look will tell */ }
  later();
}

function later() { setTimeout(renew, EVERY); }

if (part()) later();
