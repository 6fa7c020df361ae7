// Draws the timelines of drawing.py as SVG. Texts are set as text, never as HTML.
const SVG = "http://www.w3.org/2000/svg";
const LEFT = 104, RIGHT = 14, TOP = 34, PANE = 112, STRIP = 14, GAP = 32, AXIS = 34;
const HEIGHTS = [1, 0, -1, -1.9];           // by place in `words`: support, conditional, oppose, neutral
const NEUTRAL = 3, COLUMNS = 110, REACH = 10;
const SHAPES = {
  s: "m-4-4h8v8h-8z", o: "m-4.4 0a4.4 4.4 0 1 0 8.8 0a4.4 4.4 0 1 0-8.8 0z",
  "^": "m0-4.8l4.8 8.6h-9.6z", D: "m0-5.2l5.2 5.2l-5.2 5.2l-5.2-5.2z", v: "m0 4.8l4.8-8.6h-9.6z",
};
const HINT = "Choose a mark or a number to see its words. With keys: Tab to the chart, arrows, Enter.";
const DAY = 86400000;

function put(parent, tag, attributes = {}, text = null) {
  const part = parent.appendChild(parent.namespaceURI === SVG || tag === "svg"
    ? document.createElementNS(SVG, tag) : document.createElement(tag));
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  if (text !== null) part.textContent = text;
  return part;
}

function told(date, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(date);
}

// Where each position stands: stacked up and down where several fall into one column, as in the figure.
function placed(row, x, y, width) {
  const stacks = {};
  const [days, levels] = row.marks;
  return days.map((day, i) => {
    const column = `${levels[i]} ${Math.floor((x(day) - LEFT) / width * COLUMNS)}`;
    const n = stacks[column] = (stacks[column] ?? -1) + 1;
    const lift = (n % 2 ? 1 : -1) * Math.floor((n + 1) / 2) * 0.17;
    return [x(day), y(HEIGHTS[levels[i]] + Math.max(-0.45, Math.min(0.45, lift)))];
  });
}

// A path of the runs between silences; with two edges a closed area.
function runs(days, upper, x, y, lower = null) {
  let path = "", run = [];
  const close = () => {
    const along = (values, places) => places.map((i) => `${x(days[i]).toFixed(1)} ${y(values[i]).toFixed(1)}`);
    if (run.length > 1 || (run.length && !lower)) {
      path += "M" + along(upper, run).join("L") + (run.length === 1 ? "h0" : "");
      if (lower) path += "L" + along(lower, run.reverse()).join("L") + "z";
    }
    run = [];
  };
  upper.forEach((value, i) => (value === null ? close() : run.push(i)));
  close();
  return path;
}

// Labels moved right, then left, until each has room.
function apart(places, room, end) {
  const moved = [...places];
  for (let i = 1; i < moved.length; i++) moved[i] = Math.max(moved[i], moved[i - 1] + room);
  for (let i = moved.length - 1, limit = end; i >= 0; i--, limit -= room) moved[i] = Math.min(moved[i], limit);
  return moved;
}

function timeAxis(svg, chart, x, bottom) {
  const start = new Date(`${chart.start}T00:00Z`), months = [];
  const first = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), 1));
  for (let m = first; (m - start) / DAY <= chart.length; m = new Date(Date.UTC(m.getUTCFullYear(), m.getUTCMonth() + 1, 1)))
    if (x((m - start) / DAY) >= LEFT) months.push(m);
  const step = Math.max(1, Math.ceil(months.length / 12));
  let year = null;
  put(svg, "path", { class: "grid", d: `M${LEFT} ${bottom}H${x.end}` });
  months.forEach((month, i) => {
    const place = x((month - start) / DAY), long = i % step === 0;
    put(svg, "path", { class: "grid", d: `M${place} ${bottom}v${long ? 6 : 3}` });
    if (!long) return;
    put(svg, "text", { class: "soft", x: place, y: bottom + 18, "text-anchor": "middle" }, told(month, { month: "short" }));
    if (month.getUTCFullYear() !== year)
      put(svg, "text", { class: "soft", x: place, y: bottom + 31, "text-anchor": "middle" }, year = month.getUTCFullYear());
  });
}

function eventLines(svg, events, x, bottom) {
  const places = apart(events.map((event) => x(event.day)), 19, x.end - 9);
  events.forEach((event, i) => {
    put(svg, "path", { class: "event", d: `M${places[i]} 20L${x(event.day)} 30V${bottom}` });
    put(svg, "circle", { class: "number", cx: places[i], cy: 12, r: 9 });
    put(svg, "text", { class: "small", x: places[i], y: 15.5, "text-anchor": "middle" }, i + 1);
  });
}

// One timeline: draws, and answers pointer and keys.
function timeline(box, chart, number, choose) {
  put(box, "p", { class: "title" }, chart.title);
  if (chart.note) return put(box, "p", { class: "caption" }, chart.note) && { draw() {}, bands() {} };
  const hollow = chart.rows.some((row) => row.marks[2].some(Boolean));
  put(box, "p", { class: "soft" }, chart.subtitle + (hollow ? " Hollow: told by another." : "") +
    ` Numbers below a row: positions per ${chart.period}. A gap is silence.`);
  const svg = put(box, "svg", { tabindex: 0, role: "application", "aria-roledescription": "chart" });
  svg.setAttribute("aria-label", `${chart.caption} ${HINT}`);
  const said = put(box, "p", { class: "said", role: "status" }, HINT);
  const key = chart.events.length ? put(box, "ol", { "aria-label": "Events" }) : null;
  chart.events.forEach((event, i) => {
    const item = put(key, "li");
    put(item, "b", {}, i + 1);
    put(item, "span", {}, event.when);
    put(item, "div", {}, event.what);
  });
  put(box, "p", { class: "caption" }, chart.caption);
  const neutral = chart.rows.some((row) => row.marks[1].includes(NEUTRAL));
  const low = neutral ? -2.35 : -1.55, high = 1.75, start = new Date(`${chart.start}T00:00Z`);
  const height = TOP + chart.rows.length * (PANE + STRIP + GAP) + AXIS - 12;
  let lanes = [], cursor = null, ring, drawn = [], x;

  function draw() {
    const width = Math.max(480, box.clientWidth || 900), margin = Math.max(chart.length * 0.02, 3);
    svg.replaceChildren();
    svg.setAttribute("height", height);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    x = (day) => LEFT + (day + margin) / (chart.length + 2 * margin) * (width - LEFT - RIGHT);
    x.end = width - RIGHT;
    lanes = [];
    eventLines(svg, chart.events, x, height - AXIS);
    drawn = chart.rows.map((row, i) => paint(row, TOP + i * (PANE + STRIP + GAP), width - LEFT - RIGHT));
    timeAxis(svg, chart, x, height - AXIS);
    ring = put(svg, "path", { class: "cursor" });
  }

  function paint(row, top, width) {
    const base = top + 18, y = (value) => base + (high - value) / (high - low) * (PANE - 4);
    const group = put(svg, "g", { class: "row" });
    group.style.setProperty("--side", row.colour);
    put(group, "path", { class: "filled", d: `M8 ${top + 6}${SHAPES[row.shape]}` });
    put(group, "text", { class: "name", x: 18, y: top + 11 }, row.name);
    put(group, "text", { class: "soft", x: x.end, y: top + 11, "text-anchor": "end" }, row.counts);
    chart.words.slice(0, neutral ? 4 : 3).forEach((word, level) => {
      put(group, "text", { class: "soft", x: LEFT - 8, y: y(HEIGHTS[level]) + 4, "text-anchor": "end" }, word);
      if (level < NEUTRAL) put(group, "path", { class: "grid", d: `M${LEFT} ${y(HEIGHTS[level])}H${x.end}` });
    });
    const band = put(group, "path", { class: "band" });
    put(group, "path", { class: "line", d: runs(row.days, row.line, x, y) });
    const spots = placed(row, x, y, width), [, levels, second] = row.marks, paths = {};
    spots.forEach(([a, b], i) => {
      const kind = levels[i] === NEUTRAL ? "neutral" : second[i] ? "hollow" : "filled";
      paths[kind] = `${paths[kind] ?? ""}M${a.toFixed(1)} ${b.toFixed(1)}${SHAPES[row.shape]}`;
    });
    for (const [kind, d] of Object.entries(paths)) put(group, "path", { class: kind, d });
    const strip = base + PANE;
    const cells = row.bins.map((bin) => {
      const from = Math.max(LEFT, x(bin.first)), to = Math.min(x.end, x(bin.last + 1));
      const size = Math.max(2, to - from - 1), n = bin.n + bin.neutral;
      put(group, "rect", { class: "bin", x: from, y: strip, width: size, height: STRIP, rx: 2 });
      if (size > 7 * String(n).length + 2)
        put(group, "text", { class: "small", x: from + size / 2, y: strip + 10.5, "text-anchor": "middle" }, n);
      return [from, strip, size];
    });
    lanes.push({ row, kind: "mark", spots }, { row, kind: "bin", cells });
    return { band, row, y };
  }

  function words({ lane, place }) {
    const { row, kind } = lanes[lane];
    if (kind === "bin") {
      const bin = row.bins[place], day = new Date(start.getTime() + bin.first * DAY);
      const when = told(day, chart.period === "week" ? { day: "numeric", month: "long", year: "numeric" } : { month: "long", year: "numeric" });
      const mean = bin.mean === null ? "no mean" : `mean ${bin.mean > 0 ? "+" : ""}${bin.mean.toFixed(2).replace("-", "−")}`;
      return `${row.name}, ${chart.period} from ${when}: ${mean}, n = ${bin.n}` + (bin.neutral ? `, and ${bin.neutral} neutral.` : ".");
    }
    const [days, levels, second, speakers, publishers] = row.marks.map((column) => column[place]);
    const when = told(new Date(start.getTime() + days * DAY), { day: "numeric", month: "long", year: "numeric" });
    const paper = chart.publishers[publishers];
    return `${when}: ${chart.speakers[speakers]} ${chart.words[levels]}${second ? ", told by another" : ""}${paper ? ` (${paper})` : ""}.`;
  }

  function point(to) {
    cursor = to;
    said.textContent = to ? words(to) : HINT;
    if (!to) return ring.removeAttribute("d");
    const { kind, spots, cells } = lanes[to.lane];
    const [a, b, size] = (kind === "mark" ? spots : cells)[to.place];
    ring.setAttribute("d", kind === "mark" ? `M${a - 8} ${b}a8 8 0 1 0 16 0a8 8 0 1 0-16 0z` : `M${a} ${b}h${size}v${STRIP}h${-size}z`);
  }

  function enter() {
    const { row, kind } = lanes[cursor.lane];
    choose({ chart: number, row: row.name, [kind]: kind === "mark" ? row.marks[5][cursor.place] : row.bins[cursor.place].key });
  }

  function under(event) {
    const frame = svg.getBoundingClientRect(), scale = (x.end + RIGHT) / frame.width;
    const a = (event.clientX - frame.left) * scale, b = (event.clientY - frame.top) * scale;
    let best = null, least = REACH ** 2;
    lanes.forEach(({ kind, spots, cells }, lane) => {
      if (kind === "mark") spots.forEach(([c, d], place) => {
        const distance = (a - c) ** 2 + (b - d) ** 2;
        if (distance < least) [best, least] = [{ lane, place }, distance];
      });
      else cells.forEach(([c, d, size], place) => {
        if (a >= c && a <= c + size && b >= d && b <= d + STRIP) best = { lane, place };
      });
    });
    return best;
  }

  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -1e9], End: [0, 1e9] };
  const middle = ({ lane, place }) => {
    const { kind, spots, cells } = lanes[lane];
    return kind === "mark" ? spots[place][0] : cells[place][0] + cells[place][2] / 2;
  };
  svg.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && cursor) enter();
    else if (event.key in steps) {
      const [down, along] = steps[event.key], size = (lane) => (lanes[lane].spots ?? lanes[lane].cells).length;
      const lane = Math.max(0, Math.min(lanes.length - 1, (cursor?.lane ?? 0) + (cursor ? down : 0)));
      let place = cursor ? cursor.place + along : 0;
      if (cursor && lane !== cursor.lane) {       // to the nearest in time
        const here = middle(cursor), far = (n) => Math.abs(middle({ lane, place: n }) - here);
        place = [...Array(size(lane)).keys()].reduce((best, n) => (far(n) < far(best) ? n : best), 0);
      }
      point({ lane, place: Math.max(0, Math.min(size(lane) - 1, place)) });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  svg.addEventListener("focus", () => cursor ?? point({ lane: 0, place: 0 }));
  svg.addEventListener("pointermove", (event) => { const found = under(event); if (found) point(found); });
  svg.addEventListener("click", (event) => { const found = under(event); if (found) { point(found); enter(); } });
  return {
    draw,
    bands: (all) => drawn.forEach(({ band, row, y }, i) =>
      band.setAttribute("d", runs(row.days, all[i].high, x, y, all[i].low))),
  };
}

function render({ model, el }) {
  el.classList.add("wts-plot");
  let parts = [], width = 0;
  const choose = (what) => {
    const version = model.get("charts").version, act = (model.get("chosen").act ?? 0) + 1;
    model.set("chosen", { ...what, version, act });
    model.save_changes();
  };
  const bands = () => {
    const { version, charts } = model.get("bands");
    if (version === model.get("charts").version) parts.forEach((part, i) => part.bands(charts[i]));
  };
  const draw = () => { parts.forEach((part) => part.draw()); bands(); };
  const show = () => {
    const { version, charts = [] } = model.get("charts");
    const box = document.createElement("div");
    el.replaceChildren(box);
    parts = charts.map((chart, i) => timeline(put(box, "div"), chart, i, choose));
    draw();
    el.dataset.version = version;
  };
  const watch = new ResizeObserver(() => {
    if (Math.abs(el.clientWidth - width) > 1) { width = el.clientWidth; draw(); }
  });
  model.on("change:charts", show);
  model.on("change:bands", bands);
  show();
  watch.observe(el);
  return () => { watch.disconnect(); model.off("change:charts", show); model.off("change:bands", bands); };
}

export default { render };
