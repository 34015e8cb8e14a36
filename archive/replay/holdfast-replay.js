// Runs in replayed pages only; the archived bytes stay as they are.
// WeChat hides an article until its own scripts run and keeps picture addresses in data-src. When those
// scripts are not in the archive the page would stay blank, so this shows the text and loads the pictures.
(function () {
  "use strict";

  var HIDDEN = "#js_content, .rich_media_content, #img-content";

  function show() {
    document.querySelectorAll(HIDDEN).forEach(function (part) {
      part.style.setProperty("visibility", "visible", "important");
      part.style.setProperty("opacity", "1", "important");
    });
    document.querySelectorAll("img[data-src]").forEach(function (image) {
      var shown = image.getAttribute("src") || "";
      if (!shown || shown.indexOf("data:") === 0) {
        image.removeAttribute("loading");
        image.src = image.getAttribute("data-src");
      }
    });
  }

  document.addEventListener("DOMContentLoaded", show);
  window.addEventListener("load", show);
})();
