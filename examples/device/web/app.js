/*
 * The dashboard: fetches api/status.json once a second and shows it. What has not changed is not
 * touched, so nothing flickers and selections stay. An element that shows a figure of the document
 * names its path in data-figure, and has the bare value in data-value.
 */
"use strict";

const POLL_MS = 1000;
const PATIENCE_MS = 4000; // for one answer
const STALE_MS = 3500; // without one
const WINDOW_S = 120; // of the chart

const dashboard = { status: null, samples: 0 };
window.dashboard = dashboard;

const $ = (id) => document.getElementById(id);

// --- words ---

const NO_BREAK = "\u00a0";

function scaled(value, units, step) {
  let i = 0;
  let rounded = Math.round(value);
  while (rounded >= step && i < units.length - 1) {
    value /= step;
    rounded = value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : Math.round(value);
    i++;
  }
  return rounded + NO_BREAK + units[i];
}

const bytes = (n) => scaled(n, ["B", "kB", "MB", "GB", "TB", "PB"], 1000);
const bits = (n) => scaled(n, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"], 1000);
const rate = (bytesPerSecond) => bits(bytesPerSecond * 8);
const count = (n) => n.toLocaleString("en").replace(/,/g, "\u202f");

/** Two of the largest units: "3 d 4 h". */
function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const parts = [[Math.floor(s / 86400), "d"], [Math.floor(s / 3600) % 24, "h"], [Math.floor(s / 60) % 60, "min"], [s % 60, "s"]];
  const first = parts.findIndex((p) => p[0] > 0);
  const from = first < 0 ? 3 : first;
  return parts.slice(from, from + 2).map((p) => p[0] + NO_BREAK + p[1]).join(" ");
}

const life = (seconds) => (seconds == null ? "no end" : duration(seconds));

function time(us) {
  if (!us) return "–";
  if (us >= 10e6) return (us / 1e6).toFixed(1) + NO_BREAK + "s";
  if (us < 1000) return us + NO_BREAK + "µs";
  return (us < 10000 ? (us / 1000).toFixed(1) : Math.round(us / 1000)) + NO_BREAK + "ms";
}

const end = (address, port) => (address == null ? "any" : address.includes(":") ? `[${address}]` : address) + (port ? ":" + port : "");

// --- the document tree ---

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setAttribute(element, name, value) {
  if (value == null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Show a figure: its path in the document, the bare value, and how people read it. */
function figure(element, path, value, text) {
  setAttribute(element, "data-figure", path);
  setAttribute(element, "data-value", value);
  setText(element, text === undefined ? String(value) : text);
}

/** There is no figure here now. */
function blank(element) {
  setAttribute(element, "data-figure", null);
  setAttribute(element, "data-value", null);
  setText(element, "–");
}

/** make("td", "n", child, ...): an element with a class and children, or text. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** One child of `parent` per item, in order; those of a key that was there before are kept. */
function sync(parent, items, keyOf, create, update) {
  const old = new Map();
  for (const child of parent.children) old.set(child.dataset.key, child);
  let at = parent.firstElementChild;
  const seen = new Map();
  items.forEach((item, i) => {
    let key = String(keyOf(item));
    const twins = seen.get(key) || 0;
    seen.set(key, twins + 1);
    if (twins) key += "#" + twins;
    let child = old.get(key);
    if (child) {
      old.delete(key);
    } else {
      child = create(item);
      child.dataset.key = key;
    }
    if (child !== at) parent.insertBefore(child, at);
    else at = at.nextElementSibling;
    update(child, item, i);
  });
  for (const gone of old.values()) gone.remove();
}

/** A row of cells: [label, class]. */
function makeRow(columns) {
  const row = make("tr");
  for (const [label, className] of columns) {
    const cell = make("td", className);
    cell.dataset.label = label;
    row.append(cell);
  }
  return row;
}

const chipClass = { good: "chip good", warn: "chip warn", bad: "chip bad" };

function chip(element, text, mood) {
  const name = chipClass[mood] || "chip";
  if (element.className !== name) element.className = name;
  setText(element, text);
}

/** Two spans in a cell: the figure, and what stands beside it in grey. */
function pair(cell) {
  if (!cell.firstElementChild) cell.replaceChildren(make("span"), " ", make("span", "soft"));
  return [cell.firstElementChild, cell.lastElementChild];
}

// --- header ---

function mainInterface(status) {
  const all = status.interfaces.map((iface, i) => ({ iface, i }));
  return all.find((x) => x.iface.is_default) || all.find((x) => x.iface.mac) || all[0];
}

const isLinkLocal = (a) => a.address.startsWith("fe80:") || a.address.startsWith("127.") || a.address === "::1";

function showHeader(status) {
  figure($("hostname"), "hostname", status.hostname);
  document.title = status.hostname + " · Gossamer";
  figure($("uptime"), "device.uptime_ms", status.device.uptime_ms, duration(status.device.uptime_ms / 1000));
  figure($("version"), "device.version", status.device.version);
  const main = mainInterface(status);
  const usable = main ? main.iface.addresses.filter((a) => a.state === "preferred" && !isLinkLocal(a)) : [];
  setText($("main-address"), usable.length ? usable.map((a) => a.address).join("  ·  ") : "no address yet");
}

function setState(state, text) {
  setAttribute($("state"), "data-state", state);
  setText($("state-text"), text);
  document.documentElement.classList.toggle("is-stale", state === "stale");
}

// --- interfaces ---

const addressMood = { preferred: "good", tentative: "warn", deprecated: "warn", duplicated: "bad" };
const originWord = { dhcp: "DHCP", autoip: "AutoIP", manual: "manual", "link-local": "link-local", slaac: "SLAAC", temporary: "temporary" };

function lifetimes(address) {
  if (address.valid_s == null) return "";
  const preferred = address.preferred_s === address.valid_s ? "" : `, preferred ${life(address.preferred_s)}`;
  return `valid ${life(address.valid_s)}${preferred}`;
}

function makeAddress() {
  return make("li", "", make("div", "", make("span", "mono"), make("span", "soft")), make("span", "chip"), make("span", "chip"));
}

function updateAddress(item, address, path) {
  const [box, origin, state] = item.children;
  const [text, lifetime] = box.children;
  figure(text, path + ".address", address.address, `${address.address}/${address.prefix_len}`);
  setText(lifetime, lifetimes(address));
  chip(origin, originWord[address.origin] || address.origin);
  chip(state, address.state, addressMood[address.state]);
}

function makeFact(label) {
  return make("div", "", make("dt", "", label), make("dd"));
}

function makeInterface() {
  const card = make("article", "card");
  const lease = make("div", "lease");
  lease.append(make("p", "lease-head", make("span"), make("span", "soft")), make("div", "bar", make("i")), make("p", "soft"));
  lease.hidden = true;
  card.append(
    make("div", "iface-head", make("h3"), make("span", "chip"), make("span", "soft mono")),
    make("ul", "addresses"),
    make("dl", "facts", makeFact("Received"), makeFact("Sent"), makeFact("MTU"), makeFact("Gateway"), makeFact("IPv6 routers"), makeFact("DNS servers")),
    lease);
  return card;
}

const leaseTotals = new Map(); // the longest time left that was seen of a lease: its length

function showLease(box, lease, path) {
  box.hidden = !lease;
  if (!lease) return;
  const [head, bar, foot] = box.children;
  if (!head.firstElementChild.firstChild) head.firstElementChild.append("DHCP ", make("b"));
  figure(head.querySelector("b"), path + ".state", lease.state);
  const has = lease.address != null;
  setText(head.lastElementChild, has ? "from " + lease.server : "no lease");
  bar.hidden = !has || lease.left_s == null;
  foot.hidden = !has;
  if (!has) return;
  const key = lease.interface + lease.address;
  leaseTotals.set(key, Math.max(leaseTotals.get(key) || 0, lease.left_s || 0));
  bar.firstElementChild.style.width = (100 * lease.left_s) / (leaseTotals.get(key) || 1) + "%";
  if (!foot.firstChild) foot.append(make("span"), " left · renews in ", make("span"), " · rebinds in ", make("span"));
  figure(foot.children[0], path + ".left_s", lease.left_s, life(lease.left_s));
  figure(foot.children[1], path + ".renew_s", lease.renew_s, life(lease.renew_s));
  figure(foot.children[2], path + ".rebind_s", lease.rebind_s, life(lease.rebind_s));
}

function fact(facts, i, path, value, text) {
  const box = facts.children[i];
  box.hidden = value == null || value.length === 0;
  if (!box.hidden) figure(box.lastElementChild, path, value, text);
}

const isOwn = (iface, address) => iface.addresses.some((a) => a.address === address);

function updateInterface(card, iface, i, status) {
  const path = `interfaces.${i}`;
  const [head, addresses, facts, lease] = card.children;
  const [name, state, mac] = head.children;
  figure(name, path + ".name", iface.name);
  const isUp = iface.is_up && iface.is_link_up;
  chip(state, !iface.is_up ? "down" : iface.is_link_up ? "up" : "no link", isUp ? "good" : "bad");
  figure(mac, path + ".mac", iface.mac, iface.mac || "");
  sync(addresses, iface.addresses, (a) => a.address, makeAddress, (item, a, n) => updateAddress(item, a, `${path}.addresses.${n}`));
  fact(facts, 0, path + ".bytes_in", iface.bytes_in, bytes(iface.bytes_in));
  fact(facts, 1, path + ".bytes_out", iface.bytes_out, bytes(iface.bytes_out));
  fact(facts, 2, path + ".mtu", iface.mtu || null, String(iface.mtu));
  fact(facts, 3, path + ".gateway", isOwn(iface, iface.gateway) ? null : iface.gateway);
  fact(facts, 4, path + ".routers", iface.routers.length ? iface.routers.map((r) => r.address) : null, iface.routers.map((r) => r.address).join(", "));
  fact(facts, 5, "dns", iface.is_default && status.dns.length ? status.dns : null, status.dns.join(", "));
  const at = status.dhcp.findIndex((d) => d.interface === iface.name);
  showLease(lease, status.dhcp[at], `dhcp.${at}`);
}

function showInterfaces(status) {
  sync($("interfaces"), status.interfaces, (x) => x.name, makeInterface, (card, iface, i) => updateInterface(card, iface, i, status));
}

// --- sockets ---

const connectionColumns = [["State", "first long"], ["Local", "mono long"], ["Remote", "mono long"], ["Received", "n"], ["Sent", "n"], ["Queued", "n"], ["RTT", "n"], ["cwnd", "n"], ["Resent", "n"]];
const stateOrder = ["established", "syn-sent", "syn-received", "close-wait", "fin-wait-1", "fin-wait-2", "closing", "last-ack", "time-wait"];
const stateMood = { established: "good", "syn-sent": "warn", "syn-received": "warn" };

function makeConnection() {
  const row = makeRow(connectionColumns);
  row.children[0].append(make("span", "chip"));
  return row;
}

function updateConnection(row, item) {
  const c = item.line;
  const path = `tcp.list.${item.at}`;
  const cells = row.children;
  chip(cells[0].firstElementChild, c.state, stateMood[c.state]);
  setAttribute(cells[0].firstElementChild, "data-figure", path + ".state");
  setText(cells[1], c.local == null ? ":" + c.local_port : end(c.local, c.local_port));
  setText(cells[2], c.remote == null ? ":" + c.remote_port : end(c.remote, c.remote_port));
  const known = c.cwnd !== undefined;
  if (c.bytes_in !== undefined) {
    figure(cells[3], path + ".bytes_in", c.bytes_in, bytes(c.bytes_in));
    figure(cells[4], path + ".bytes_out", c.bytes_out, bytes(c.bytes_out));
  } else {
    blank(cells[3]);
    blank(cells[4]);
  }
  if (!known) {
    for (let i = 5; i < 9; i++) blank(cells[i]);
    return;
  }
  setText(cells[5], bytes(c.unsent + c.unacked));
  setAttribute(cells[5], "title", `${bytes(c.unsent)} to be sent, ${bytes(c.unacked)} not acknowledged, ${bytes(c.unread)} not read`);
  const [rtt, deviation] = pair(cells[6]);
  figure(rtt, path + ".srtt_us", c.srtt_us, time(c.srtt_us));
  setText(deviation, c.srtt_us ? "±" + NO_BREAK + time(c.rttvar_us) : "");
  const [cwnd, threshold] = pair(cells[7]);
  figure(cwnd, path + ".cwnd", c.cwnd, bytes(c.cwnd));
  setText(threshold, c.ssthresh == null ? "" : "/" + NO_BREAK + bytes(c.ssthresh));
  figure(cells[8], path + ".retransmits", c.retransmits, count(c.retransmits));
}

function showConnections(status) {
  const lines = status.tcp.list.map((line, at) => ({ line, at })).filter((x) => x.line.state !== "listen");
  lines.sort((a, b) => stateOrder.indexOf(a.line.state) - stateOrder.indexOf(b.line.state));
  sync($("connections").tBodies[0], lines, ({ line }) => `${line.local} ${line.local_port} ${line.remote} ${line.remote_port}`, makeConnection, updateConnection);
  const table = $("connections");
  table.hidden = lines.length === 0;
  table.parentElement.nextElementSibling.hidden = lines.length > 0;
  const more = status.tcp.total - status.tcp.list.length;
  setText($("connections-note"), more > 0 ? `and ${count(more)} more` : "TCP");
}

function showSockets(status) {
  const listeners = status.tcp.list.map((line, at) => ({ line, path: `tcp.list.${at}`, name: "TCP" })).filter((x) => x.line.state === "listen");
  const datagrams = status.udp.list.map((line, at) => ({ line, path: `udp.list.${at}`, name: "UDP" }));
  const rows = listeners.concat(datagrams).filter((x) => x.line.local_port);
  rows.sort((a, b) => a.name.localeCompare(b.name) || a.line.local_port - b.line.local_port);
  sync($("sockets").tBodies[0], rows, (x) => `${x.name} ${x.line.local} ${x.line.local_port} ${x.line.remote} ${x.line.remote_port}`,
    () => makeRow([["Protocol", ""], ["Local", "mono"], ["Remote", "mono"]]),
    (row, x) => {
      setText(row.children[0], x.name);
      figure(row.children[1], x.path + ".local_port", x.line.local_port, end(x.line.local, x.line.local_port));
      setText(row.children[2], x.line.remote_port ? end(x.line.remote, x.line.remote_port) : x.name === "TCP" ? "listening" : "any");
    });
}

// --- neighbours ---

const neighborMood = { stable: "good", reachable: "good", static: "good", incomplete: "warn", pending: "warn", probe: "warn", checking: "warn" };

function showNeighbors(status) {
  sync($("neighbors").tBodies[0], status.neighbors, (n) => n.interface + " " + n.address,
    () => {
      const row = makeRow([["Address", "mono first long"], ["MAC", "mono half-row"], ["State", ""]]);
      row.children[2].append(make("span", "chip"));
      return row;
    },
    (row, n, i) => {
      figure(row.children[0], `neighbors.${i}.address`, n.address, n.address + (n.is_router ? "  (router)" : ""));
      figure(row.children[1], `neighbors.${i}.mac`, n.mac, n.mac || "–");
      chip(row.children[2].firstElementChild, n.state, neighborMood[n.state]);
      setAttribute(row.children[2].firstElementChild, "data-figure", `neighbors.${i}.state`);
    });
  $("neighbors").hidden = status.neighbors.length === 0;
  $("neighbors").nextElementSibling.hidden = status.neighbors.length > 0;
}

// --- counters ---

const protocolName = { link: "Link", arp: "ARP", ipv4: "IPv4", "ipv4 fragments": "IPv4 fragments", icmp: "ICMP", igmp: "IGMP", ipv6: "IPv6", "ipv6 fragments": "IPv6 fragments", icmpv6: "ICMPv6", nd: "Neighbour discovery", mld: "MLD", udp: "UDP", tcp: "TCP" };

function showProtocols(status) {
  const rows = status.protocols.map((p, at) => ({ p, at })).filter(({ p }) => p.received || p.sent || p.dropped);
  sync($("protocols").tBodies[0], rows, ({ p }) => p.name,
    () => makeRow([["Protocol", ""], ["Received", "n"], ["Sent", "n"], ["Dropped", "n"]]),
    (row, { p, at }) => {
      setText(row.children[0], protocolName[p.name] || p.name);
      ["received", "sent", "dropped"].forEach((key, i) => figure(row.children[i + 1], `protocols.${at}.${key}`, p[key], count(p[key])));
    });
}

function showDrops(status) {
  const drops = status.drops.map((d, at) => ({ d, at }));
  sync($("drops"), drops, ({ d }) => d.reason,
    ({ d }) => make("li", "", make("span", "", d.text), make("span", "mono", d.reason), make("b")),
    (item, { d, at }) => figure(item.lastElementChild, `drops.${at}.count`, d.count, count(d.count)));
  $("drops").nextElementSibling.hidden = drops.length > 0;
}

// --- memory ---

function makeMeter() {
  return make("li", "", make("p", "meter-head", make("span", "name"), make("span", "figures")), make("div", "bar", make("i", "peak"), make("i")), make("p", "meter-foot"));
}

function updateMeter(item, m, path, name, unit) {
  const [head, bar, foot] = item.children;
  setText(head.firstElementChild, name);
  const figures = head.lastElementChild;
  if (!figures.firstChild) figures.append(make("span"), make("span", "soft"));
  if (!foot.firstChild) foot.append(make("span"), make("b"));
  const limit = m.limit;
  figure(figures.children[0], path + ".used", m.used, unit(m.used));
  setText(figures.children[1], limit ? " of " + unit(limit) : "");
  figure(foot.children[0], path + ".max", m.max, "highest " + unit(m.max));
  figure(foot.children[1], path + ".failures", m.failures, m.failures ? `, ${count(m.failures)} refused` : "");
  bar.hidden = !limit;
  if (!limit) return;
  bar.classList.toggle("is-high", m.used > 0.8 * limit);
  bar.classList.toggle("is-full", m.used >= limit);
  bar.children[0].style.width = Math.min(100, (100 * m.max) / limit) + "%";
  bar.children[1].style.width = Math.min(100, (100 * m.used) / limit) + "%";
}

function showMemory(status) {
  const heap = status.heap ? [status.heap] : [];
  sync($("heap"), heap, () => "heap", () => { const m = makeMeter(); return make("div", "", ...m.children); }, (item, m) => updateMeter(item, m, "heap", "Heap", bytes));
  const pools = status.pools.map((p, at) => ({ p, at }));
  const used = pools.filter(({ p }) => p.max || p.failures);
  sync($("pools"), used, ({ p, at }) => p.name || at, makeMeter, (item, { p, at }) => updateMeter(item, p, `pools.${at}`, p.name || "pool " + at, count));
  const unused = pools.filter(({ p }) => !(p.max || p.failures));
  $("unused").hidden = unused.length === 0;
  setText($("pools-unused"), unused.map(({ p }) => `${p.name} (${count(p.limit)})`).join(", "));
}

// --- tools ---

function showTools(status) {
  const c = status.capture;
  $("capture").hidden = !c.is_available;
  figure($("capture-text"), "capture.bytes", c.bytes, c.is_running ? `Running: ${bytes(c.bytes)}` : c.bytes ? `Stopped: ${bytes(c.bytes)}` : "What this interface sends and receives, for Wireshark");
  $("capture-start").disabled = c.is_running;
  $("capture-stop").disabled = !c.is_running;
  setAttribute($("capture-download"), "href", c.bytes ? "capture.pcapng" : null);
  setAttribute($("capture-download"), "aria-disabled", c.bytes ? null : "true");
  const iperf = status.iperf;
  const host = location.hostname.replace(/^\[|\]$/g, "");
  figure($("iperf-command"), "iperf.public_port", iperf.public_port, `iperf -c ${host} -p ${iperf.public_port}` + (host.includes(":") ? " -V" : ""));
  const last = iperf.last;
  figure($("iperf-last"), "iperf.runs", iperf.runs, last ? `Last: ${rate(last.kbit_s * 125)}, ${bytes(last.bytes)} ${last.direction === "in" ? "received" : "sent"} in ${time(last.duration_ms * 1000)}` : "No run yet");
  const box = $("echo-text");
  if (!box.firstElementChild) box.replaceChildren(make("span"), " connections, ", make("span"), " datagrams, ", make("span"), " sent back");
  figure(box.children[0], "echo.0.served", status.echo[0].served, count(status.echo[0].served));
  figure(box.children[1], "echo.1.served", status.echo[1].served, count(status.echo[1].served));
  const back = status.echo[0].bytes_out + status.echo[1].bytes_out;
  setAttribute(box.children[2], "data-value", back);
  setText(box.children[2], bytes(back));
}

// --- chart ---

const series = { t: [], in: [], out: [] }; // seconds of the device's uptime, bits per second
let plot = null;
let last = null; // {t, in, out} of the latest document

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function chartData() {
  const now = series.t.length ? series.t[series.t.length - 1] : 0;
  return [series.t.map((t) => t - now), series.in, series.out];
}

function ago(seconds) {
  if (seconds === 0) return "now";
  return seconds % 60 === 0 ? `−${-seconds / 60} min` : `−${-seconds} s`;
}

function makeChart() {
  const box = $("chart");
  if (plot) plot.destroy();
  const font = "12px " + getComputedStyle(document.body).fontFamily;
  const grid = { stroke: css("--line"), width: 1 };
  const line = (name) => ({ stroke: css(name), width: 2, fill: css(name) + "22", points: { show: false } });
  const axis = { stroke: css("--soft"), font, grid, ticks: { show: false } };
  plot = new uPlot({
    width: box.clientWidth,
    height: box.clientHeight,
    cursor: { show: false },
    legend: { show: false },
    padding: [10, 14, 0, 0],
    scales: {
      x: { time: false, range: [-WINDOW_S, 0] },
      y: { range: (u, min, max) => [0, Math.max(10000, max * 1.15)] },
    },
    axes: [
      { ...axis, splits: () => [-120, -90, -60, -30, 0], values: (u, at) => at.map(ago), size: 30 },
      { ...axis, values: (u, at) => at.map((v) => (v ? bits(v).replace(/\.0+\b/, "") : "0")), size: 82 },
    ],
    series: [{}, line("--in"), line("--out")],
  }, chartData(), box);
}

function addSample(t, bytesIn, bytesOut) {
  series.t.push(t);
  series.in.push(8 * bytesIn);
  series.out.push(8 * bytesOut);
  while (series.t.length > 1 && series.t[0] < t - WINDOW_S - 2) {
    series.t.shift();
    series.in.shift();
    series.out.shift();
  }
  dashboard.samples = series.t.length;
}

function clearSamples() {
  series.t.length = series.in.length = series.out.length = dashboard.samples = 0;
}

/** What the device remembers, so that the chart is full at once. */
async function loadHistory(status) {
  const h = await getJson("api/history.json");
  const step = h.interval_ms / 1000;
  const now = status.device.uptime_ms / 1000;
  clearSamples();
  h.bytes_in.forEach((n, i) => addSample(now - (h.bytes_in.length - 1 - i) * step, n / step, h.bytes_out[i] / step));
}

function showThroughput(status) {
  const main = mainInterface(status);
  if (!main) return;
  setText($("chart-interface"), main.iface.name);
  const now = { t: status.device.uptime_ms / 1000, in: main.iface.bytes_in, out: main.iface.bytes_out };
  if (last && now.t > last.t) {
    const dt = now.t - last.t;
    const perSecond = { in: Math.max(0, now.in - last.in) / dt, out: Math.max(0, now.out - last.out) / dt };
    addSample(now.t, perSecond.in, perSecond.out);
    setText($("rate-in"), rate(perSecond.in));
    setText($("rate-out"), rate(perSecond.out));
    setAttribute($("chart"), "aria-label", `Throughput of the last two minutes; now ${rate(perSecond.in)} in, ${rate(perSecond.out)} out`);
  }
  last = now;
  if (plot) plot.setData(chartData());
}

// --- life ---

let answeredAt = 0;
let needsHistory = true;

async function getJson(path, options) {
  const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), ...options });
  if (!response.ok) throw new Error(response.status + " " + path);
  return response.json();
}

function show(status) {
  dashboard.status = status;
  for (const part of [showHeader, showThroughput, showTools, showInterfaces, showConnections, showSockets, showNeighbors, showProtocols, showDrops, showMemory]) {
    part(status);
  }
  const root = document.documentElement;
  root.dataset.updated = Number(root.dataset.updated) + 1;
}

function showSilence() {
  const silent = performance.now() - answeredAt;
  if (silent < STALE_MS) return;
  const since = answeredAt ? " for " + duration(silent / 1000) : "";
  setState("stale", "No answer" + since);
}

/** The device was started anew: what was drawn is of another life. */
function isRestarted(status) {
  return dashboard.status !== null && status.device.uptime_ms < dashboard.status.device.uptime_ms;
}

/** The latest document; null: the device did not answer. */
async function poll() {
  try {
    const status = await getJson("api/status.json");
    if (isRestarted(status)) {
      last = null;
      needsHistory = true;
    }
    if (needsHistory) {
      await loadHistory(status);
      needsHistory = false;
    }
    answeredAt = performance.now();
    setState("live", "Live");
    return status;
  } catch (error) {
    showSilence();
    return null;
  }
}

async function run() {
  for (;;) {
    const begun = performance.now();
    const status = document.hidden ? null : await poll();
    if (status) show(status);
    await new Promise((wake) => setTimeout(wake, Math.max(100, POLL_MS - (performance.now() - begun))));
  }
}

async function command(path) {
  try {
    const capture = await getJson(path, { method: "POST" });
    if (dashboard.status) showTools({ ...dashboard.status, capture });
  } catch (error) {
    setText($("capture-text"), "The device did not answer; try again");
  }
}

function begin() {
  answeredAt = performance.now();
  $("capture-start").addEventListener("click", () => command("api/capture/start"));
  $("capture-stop").addEventListener("click", () => command("api/capture/stop"));
  $("iperf-copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText($("iperf-command").textContent);
      setText($("iperf-copy"), "Copied");
    } catch (error) {
      getSelection().selectAllChildren($("iperf-command"));
      setText($("iperf-copy"), "Selected");
    }
    setTimeout(() => setText($("iperf-copy"), "Copy"), 1500);
  });
  makeChart();
  new ResizeObserver(() => plot.setSize({ width: $("chart").clientWidth, height: $("chart").clientHeight })).observe($("chart"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", makeChart);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      needsHistory = true; // the chart has a gap
      last = null;
    }
  });
  setInterval(showSilence, 500);
  run();
}

begin();
