// Runs before simcord's page: leads to a channel, and keeps the person when the channel changes.
(() => {
  const home = document.documentElement.dataset.home;
  if (!location.hash) {
    location.replace(home);
    return;
  }
  document.addEventListener("DOMContentLoaded", () => {
    const links = [...document.querySelectorAll(".sandbox-nav a")];
    const here = links.find((link) => link.dataset.hash === location.hash)
      || links.find((link) => link.pathname === "/go/@me");
    here.setAttribute("aria-current", "page");
    // Like Discord: whoever sends something wants to see what comes of it.
    const timeline = document.getElementById("channel-timeline");
    const down = () => setTimeout(() => { timeline.scrollTop = timeline.scrollHeight; }, 50);
    document.getElementById("channel-composer").addEventListener("submit", down);
    // The picker is empty for a moment whenever the page is drawn anew.
    const picker = document.getElementById("viewer-picker");
    let person = new URLSearchParams(location.search).get("as") || "";
    picker.addEventListener("change", () => { person = picker.value || person; });
    for (const link of links) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const address = new URL(link.href);
        const who = picker.value || person;
        if (who) address.searchParams.set("as", who);
        if (here.dataset.channel) address.searchParams.set("channel", here.dataset.channel);
        location.assign(address);
      });
    }
  });
})();
