// The dashboard in headless Chromium: node page.mjs URL FOLDER. Prints what was found, one line of
// JSON; test_browser.py judges the numbers. A broken expectation is an exception.
import { chromium } from "playwright-core";
import assert from "node:assert/strict";

const [url, folder] = process.argv.slice(2);
const PATIENCE_MS = 60000;

async function open(browser, options) {
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (e) => page.errors.push(String(e)));
  page.on("console", (m) => m.type() === "error" && page.errors.push(m.text()));
  await page.goto(url);
  await updates(page, 2);
  return page;
}

/** Wait for so many more updates. */
async function updates(page, count) {
  const now = await page.evaluate(() => Number(document.documentElement.dataset.updated || 0));
  await page.waitForFunction(
    (wanted) => Number(document.documentElement.dataset.updated) >= wanted, now + count);
}

/** Every figure with what the last status says at its place, read in one go. */
function figures(page) {
  return page.evaluate(() => [...document.querySelectorAll("[data-figure]")].map((e) => {
    let value = window.dashboard.status;
    for (const key of e.dataset.figure.split(".")) {
      value = value?.[key];
    }
    return { path: e.dataset.figure, shown: e.dataset.value ?? e.textContent.trim(),
             text: e.textContent.trim(), status: value === undefined ? "?" : String(value),
             is_made_of_more: value === null || typeof value === "object" };
  }));
}

function status(page) {
  return page.evaluate(() => window.dashboard.status);
}

/** Points of the chart, and pixels of it that are not the background. */
function chart(page) {
  return page.evaluate(() => {
    const canvas = document.querySelector("#chart canvas");
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let painted = 0;
    for (let i = 3; i < data.length; i += 4) {
      painted += data[i] > 0;
    }
    return { samples: window.dashboard.samples, painted };
  });
}

/** Of the page's background, 0 to 255. */
function brightness(page) {
  return page.evaluate(() => {
    const colors = [document.body, document.documentElement].map((e) =>
      getComputedStyle(e).backgroundColor.match(/[\d.]+/g).map(Number));
    const [r, g, b] = colors.find((c) => c[3] !== 0) || [255, 255, 255];
    return (r + g + b) / 3;
  });
}

async function widths(page) {
  return page.evaluate(() => ({ page: document.documentElement.scrollWidth,
                                window: window.innerWidth }));
}

/** A line of a connection that has no figures yet, then has them, then has none any more. */
function figuresThatComeAndGo(page) {
  return page.evaluate(() => {
    const ends = { local: "10.0.0.1", local_port: 80, remote: "10.0.0.2", remote_port: 4711 };
    const figures = { bytes_in: 1, bytes_out: 2, unsent: 0, unacked: 0, unread: 0, srtt_us: 3000,
                      rttvar_us: 1000, cwnd: 14600, ssthresh: null, retransmits: 0 };
    const row = makeConnection();
    return [{}, figures, {}].map((known) => {
      updateConnection(row, { line: { state: "established", ...ends, ...known }, at: 0 });
      return { text: row.textContent, count: row.querySelectorAll("td [data-figure], td[data-figure]").length };
    });
  });
}

async function capture(page) {
  await page.click("#capture-start");
  await page.waitForFunction(() => window.dashboard.status.capture.is_running);
  await page.waitForFunction(() => window.dashboard.status.capture.bytes > 5000);
  await page.click("#capture-stop");
  await page.waitForFunction(() => !window.dashboard.status.capture.is_running);
  const [download] = await Promise.all([page.waitForEvent("download"),
                                        page.click("#capture-download")]);
  await download.saveAs(`${folder}/capture.pcapng`);
  return (await status(page)).capture.bytes;
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
const found = {};
const desk = await open(browser, { viewport: { width: 1280, height: 900 }, colorScheme: "light" });
const first = { ...(await chart(desk)), status: await status(desk) };
await updates(desk, 3);
const second = { ...(await chart(desk)), status: await status(desk) };
assert.ok(second.samples > first.samples, `the chart has ${first.samples}, ${second.samples} points`);
assert.ok(second.painted > 500, `${second.painted} pixels of the chart are painted`);
assert.ok(second.status.device.uptime_ms > first.status.device.uptime_ms);
found.first = first.status;
found.second = second.status;
found.figures = await figures(desk);
const row = await figuresThatComeAndGo(desk);
assert.deepEqual(row.map((r) => r.count), [1, 6, 1], JSON.stringify(row));
assert.ok(row[1].text.includes("3.0") && row[0].text === row[2].text, JSON.stringify(row));
found.capture_bytes = await capture(desk);
await desk.evaluate(() => window.scrollTo(0, 0));
await updates(desk, 6);
found.light = await brightness(desk);
await desk.screenshot({ path: `${folder}/dashboard.png` });
await desk.screenshot({ path: `${folder}/dashboard-whole.png`, fullPage: true });

const dark = await open(browser, { viewport: { width: 1280, height: 900 }, colorScheme: "dark" });
found.dark = await brightness(dark);
await dark.screenshot({ path: `${folder}/dashboard-dark.png` });

const phone = await open(browser, { viewport: { width: 390, height: 844 }, isMobile: true,
                                    hasTouch: true, deviceScaleFactor: 2, colorScheme: "light" });
found.phone = await widths(phone);
await phone.screenshot({ path: `${folder}/dashboard-phone.png`, fullPage: true });
const small = await open(browser, { viewport: { width: 390, height: 844 } });
found.small = await widths(small);

found.errors = [...desk.errors, ...dark.errors, ...phone.errors, ...small.errors];
await browser.close();
console.log(JSON.stringify(found));
