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

  // Replay lets no page open a window (a new one could be led out of the archive), so links open where they are.
  function stay(event) {
    var link = event.target.closest && event.target.closest("a[target], area[target]");
    if (link && !document.getElementsByName(link.target).length) {
      link.target = "_self";
    }
  }

  // WebRTC would speak to the network past the policy of the answer in browsers without Connection-Allowlist.
  function quiet(context) {
    ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"].forEach(function (name) {
      try {
        delete context[name];
      } catch (error) {
        // a frame of another origin, of which a page sees as little as we do
      }
    });
    return context;
  }

  var inner = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "contentWindow");
  Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", {
    configurable: true,
    enumerable: true,
    get: function () {
      var context = inner.get.call(this);
      return context && quiet(context);
    },
  });
  quiet(window);
  document.addEventListener("click", stay, true);
  document.addEventListener("DOMContentLoaded", show);
  window.addEventListener("load", show);
})();
