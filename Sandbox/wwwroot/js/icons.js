// Line icons on a 24 px field.
const paths = {
  send: "M4 12l16-8-6 16-3-6z",
  attach: "M20 11l-8.5 8.500a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.500a2 2 0 0 1-3-3L14 7",
  mic: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3",
  stop: "M7 7h10v10H7z",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  tools: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  theme: "M20 14.500A8 8 0 1 1 9.5 4 6.5 6.5 0 0 0 20 14.500z",
  add: "M15 20c-.6-3.5-3-5.5-6.5-5.500S2.6 16.5 2 20M8.5 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM19 8v6M16 11h6",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14c.8 1.5 2 2.2 3.5 2.200s2.7-.7 3.5-2.200M9 9.500v.01M15 9.500v.01",
  folder: "M3 7h6l2 2h10v10H3z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  pin: "M12 21c5-5.5 7-8.5 7-11.500a7 7 0 0 0-14 0C5 12.5 7 15.5 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.8-4.5 3.8-7 8-7s7.2 2.5 8 7",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01",
  question: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.500a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .8-1 1.700M12 17v.01",
  tick: "M5 12.500l4 4L18 7",
  ticks: "M1.5 12.500l4 4L14.5 7M10 16.500L19.5 7M10 16.500l-.5-.5",
  wifi: "M3 9a13 13 0 0 1 18 0M6 12.500a8.5 8.5 0 0 1 12 0M9 16a4.5 4.5 0 0 1 6 0M12 19.500v.01",
  battery: "M3 8h15v8H3zM21 11v2M5 10h9v4H5z",
};

const svg = "http://www.w3.org/2000/svg";

export function icon(name) {
  const node = document.createElementNS(svg, "svg");
  node.setAttribute("viewBox", name === "tick" || name === "ticks" ? "0 5 20 14" : "0 0 24 24");
  node.setAttribute("class", "icon");
  node.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg, "path");
  path.setAttribute("d", paths[name]);
  node.append(path);
  return node;
}
