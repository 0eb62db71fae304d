"use strict";
document.querySelectorAll("[data-language]").forEach(function (button) {
  function show() {
    document.documentElement.lang = button.dataset.language;
    mark();
    window.planFit();
  }
  button.addEventListener("click", show);
});
document.querySelector("[data-print]").addEventListener("click", function () { window.print(); });
function mark() {
  document.querySelectorAll("[data-language]").forEach(function (button) {
    button.setAttribute("aria-pressed", String(button.dataset.language === document.documentElement.lang));
  });
}
mark();
