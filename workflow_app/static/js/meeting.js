// The quorum while ticks are being set: the same sentence that the server says once they are saved.
const said = document.querySelector("[data-quorum]");
const form = document.querySelector("[data-presence]");
if (said && form) {
  const reckon = () => {
    const { of, needed, there, lacking } = said.dataset;
    const n = form.querySelectorAll("input[name=there]:checked").length;
    const words = n >= Math.max(Number(needed), 1) ? there : lacking;
    said.textContent = words.replace("{n}", n).replace("{of}", of).replace("{needed}", needed);
  };
  form.addEventListener("change", reckon);
}
