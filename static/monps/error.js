/* The theme the user chose, as Unfold keeps it; before anything is painted. */
"use strict";

(() => {
  let chosen = null;
  try {
    chosen = JSON.parse(localStorage.getItem("_x_adminTheme"));
  } catch {
    // Storage is closed to us: as the system has it.
  }
  const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", isDark);
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-again]")) button.addEventListener("click", () => location.reload());
    for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", () => history.back());
  });
})();
