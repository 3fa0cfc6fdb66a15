// Drag an expert onto a case, or from one case to another: the very buttons of the form are pressed, with the same values.
const form = document.getElementById("batch");
if (form && form.querySelector("[data-expert]")) {
  const hint = form.querySelector(".batch-drag");
  if (hint) hint.hidden = false;
  let held = null;

  form.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-pair], [data-expert]");
    if (held) event.dataTransfer.setData("text/plain", held.textContent.trim().slice(0, 80));
  });
  form.addEventListener("dragend", () => { held = null; mark(null); });
  form.addEventListener("dragover", (event) => {
    const place = event.target.closest("[data-case]");
    if (!held || !place) return;
    event.preventDefault();
    mark(place);
  });
  form.addEventListener("drop", (event) => {
    const place = event.target.closest("[data-case]");
    if (!held || !place) return;
    event.preventDefault();
    const to = place.dataset.case;
    if (held.dataset.expert) press(`add-${to}-${held.dataset.expert}`);
    else if (held.dataset.pair.split("-")[0] !== to) press(`move-${held.dataset.pair}`, { [`to-${held.dataset.pair}`]: to });
  });

  const mark = (place) => form.querySelectorAll("[data-case]").forEach((one) => one.classList.toggle("is-over", one === place));

  const press = (what, fields = {}) => {
    Object.entries(fields).forEach(([name, value]) => { form.querySelectorAll(`[name="${name}"]`).forEach((one) => one.remove()); add(name, value); });
    add("do", what);
    form.submit();
  };

  const add = (name, value) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  };
}
