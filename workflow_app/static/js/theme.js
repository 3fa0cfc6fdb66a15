// Runs before the first paint: sets the theme and the version for the visually impaired, so that nothing flashes.
// The policy forbids scripts inside the page, therefore this small file is loaded blocking, first of all.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  function remembered(key) {
    try { return localStorage.getItem(key); } catch (refused) { return null; }
  }

  function apply() {
    var theme = remembered("theme");
    var dark = theme === "dark" || (theme !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
    root.setAttribute("data-bs-theme", dark ? "dark" : "light");
    var vision = remembered("vision");
    if (vision === "large") { root.setAttribute("data-vision", "large"); }
    if (vision === "") { root.removeAttribute("data-vision"); }
    if (remembered("keys") === "off") { root.setAttribute("data-keys", "off"); }
  }

  apply();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  window.addEventListener("storage", apply);
})();
