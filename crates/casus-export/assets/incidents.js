// Narrows the list of incidents down. The page is whole without it.
"use strict";
(() => {
  const articles = [...document.querySelectorAll("article")];
  const query = document.getElementById("query"), conflicts = document.getElementById("conflicts"), count = document.getElementById("count");
  const text = new Map();
  const words = (article) => {
    if (!text.has(article)) text.set(article, article.textContent.toLowerCase());
    return text.get(article);
  };
  function apply() {
    const wanted = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const article of articles) {
      const fits = (!conflicts.checked || article.classList.contains("conflict")) && wanted.every((word) => words(article).includes(word));
      article.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    const all = articles.length, contradict = document.querySelector("footer").dataset.conflicts;
    count.textContent = (shown === all ? `${all} incidents` : `${shown} of ${all} incidents`) + `, ${contradict} with claims that contradict each other`;
  }
  document.getElementById("tools").hidden = false;
  document.getElementById("tools").addEventListener("submit", (event) => event.preventDefault());
  query.addEventListener("input", apply);
  conflicts.addEventListener("change", apply);
  apply();
})();
