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

/* What scrolls sideways on a narrow screen can be reached and scrolled with the keyboard. */
function reach() {
  document.querySelectorAll("section").forEach(function (section) {
    if (section.scrollWidth > section.clientWidth) section.tabIndex = 0;
    else section.removeAttribute("tabindex");
  });
}
document.querySelectorAll("[data-language]").forEach(function (button) { button.addEventListener("click", reach); });
window.addEventListener("resize", reach);
reach();
