// A part of the app that does not come would leave an empty page: the page is asked for once more, and main.tsx forgets that when it has come.
// Classic and alone, so that it is there when the rest is not.
addEventListener(
  "error",
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement) || sessionStorage.getItem("boot") !== null) return;
    sessionStorage.setItem("boot", "again");
    location.reload();
  },
  true,
);
