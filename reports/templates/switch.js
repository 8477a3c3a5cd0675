(function () {
  "use strict";
  var root = document.documentElement;
  var bar = document.getElementById("languages");
  function show(language) {
    root.setAttribute("data-show", language);
    bar.querySelectorAll("button").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.value === language));
    });
  }
  bar.addEventListener("click", function (event) {
    if (event.target.value) { show(event.target.value); }
  });
  bar.hidden = false;
  show("both");
  // A printed page cannot be clicked: open what is folded.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (fold) { fold.open = true; });
  });
})();
