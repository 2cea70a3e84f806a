// The charts come alive. What was drawn beforehand stays where a script fails, and is what gets printed.
"use strict";
const definitions = JSON.parse(document.getElementById("definitions").textContent);
const NARROW = 520;  // pixels; a phone
const views = [];
const point = (at) => views.forEach(({ view }) => view.signal("cursor", at).runAsync());
const options = { renderer: "svg", actions: false, ast: true, tooltip: { theme: "custom" } };
for (const box of document.querySelectorAll(".chart")) {
  const definition = structuredClone(definitions[box.dataset.chart]);
  definition.width = "container";
  const legends = definition.layer.map((layer) => layer.encoding?.color?.legend).filter(Boolean);
  if (box.clientWidth < NARROW) legends.forEach((legend) => { legend.columns = 1; });
  const live = document.createElement("div");
  live.className = "chart";
  box.after(live);
  vegaEmbed(live, definition, options).then(({ view }) => {
    box.remove();
    views.push({ view, live });
    live.addEventListener("pointermove", (event) => {
      const left = live.querySelector("svg").getBoundingClientRect().left;
      const at = view.scale("x").invert(event.clientX - left - view.origin()[0]);
      const [low, high] = view.scale("x").domain();
      point(at >= low && at <= high ? at : false);
    });
    live.addEventListener("pointerleave", () => point(false));
  }).catch((problem) => { live.remove(); console.error(String(problem)); });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-at]");
  if (link) point(Number(link.dataset.at));
  const button = event.target.closest("button.copy");
  if (!button) return;
  const text = button.nextElementSibling.textContent;
  const done = () => { button.textContent = button.dataset.done; };
  const selected = () => {  // pages from a disk may not be given the clipboard
    getSelection().selectAllChildren(button.nextElementSibling);
    if (document.execCommand("copy")) done();
  };
  navigator.clipboard ? navigator.clipboard.writeText(text).then(done, selected) : selected();
});
