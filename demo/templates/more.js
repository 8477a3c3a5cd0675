// Appends the next page of reviews, made of the same pieces as the first.
(() => {
  const button = document.querySelector("[data-load-more-url]");
  const list = document.getElementById("reviews");
  const piece = (tag, name, text) => {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    return element;
  };
  const article = (review) => {
    const element = piece("article", "review", "");
    const stars = review.reviewRating ? review.reviewRating.ratingValue : 0;
    const by = piece("p", "by", "");
    by.append(
      piece("span", "stars", "★".repeat(stars) + "☆".repeat(5 - stars)), " ",
      piece("span", "author", review.author ? review.author.name : ""), " ",
      piece("time", "", (review.datePublished || "").slice(0, 10).replaceAll("-", ".")));
    element.append(by, piece("p", "text", review.reviewBody || ""));
    return element;
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    const answer = await fetch(button.dataset.loadMoreUrl);
    const { reviews, next } = await answer.json();
    list.append(...reviews.map(article));
    button.disabled = false;
    if (next) button.dataset.loadMoreUrl = next;
    else button.remove();
  });
})();
