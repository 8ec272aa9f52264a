"use strict";

const how = {
  lastWriterWins: "A database cache as they are commonly written: what a request saves replaces whatever is there.",
  smartCache: "The same stock session middleware; what a request changed is merged into what is there.",
};

const number = new Intl.NumberFormat("en");
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const byId = id => document.getElementById(id);
const cards = {};
let running = null;

byId("settings").addEventListener("submit", event => {
  event.preventDefault();
  race({ rounds: byId("rounds").valueAsNumber, requests: byId("requests").valueAsNumber });
});
byId("stop").addEventListener("click", () => running?.abort());

for (const [kind, name] of [["lastWriterWins", "Last writer wins"], ["smartCache", "SmartCache"]]) {
  cards[kind] = addCard(kind, name);
}

prepare();

async function prepare() {
  const lab = await (await fetch("lab")).json();
  for (const field of ["rounds", "requests"]) {
    const input = byId(field);
    input.min = lab[field].min;
    input.max = lab[field].max;
    input.value = lab[field].start;
  }

  byId("registration").textContent = lab.registration;
  byId("howCounted").textContent = lab.howCounted;
  byId("where").textContent = `${lab.engine}; both tables are in ${lab.location}, removed when the program ends.`;
}

function addCard(kind, name) {
  const card = byId("contender").content.firstElementChild.cloneNode(true);
  card.querySelector("h2").textContent = name;
  card.querySelector(".how").textContent = how[kind];
  byId("contenders").append(card);
  return card;
}

async function race(settings) {
  running = new AbortController();
  setRunning(true);
  byId("verdict").hidden = true;
  byId("standing").textContent = "Starting …";
  byId("progress").value = 0;
  try {
    const last = await follow(settings, running.signal);
    showVerdict(last?.verdict ?? { isProven: false, sentence: "The laboratory was closed before the race was over." });
  } catch (error) {
    const sentence = error.name === "AbortError" ? "Stopped before the race was over." : "The laboratory does not answer. Is it still running?";
    showVerdict({ isProven: false, sentence });
  } finally {
    running = null;
    setRunning(false);
  }
}

/* Reads the server-sent events of one race; EventSource cannot POST. */
async function follow(settings, signal) {
  const response = await fetch("races", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(settings),
    signal,
  });
  if (!response.ok) {
    return { verdict: { isProven: false, sentence: `The laboratory refused this race (${response.status}).` } };
  }

  let last = null;
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const events = (rest + part.value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      last = JSON.parse(event.slice(event.indexOf("data:") + "data:".length));
      show(last);
    }
  }

  return last;
}

function show(report) {
  byId("progress").max = report.rounds;
  byId("progress").value = report.round;
  byId("standing").textContent = `Round ${report.round} of ${report.rounds}: `
    + report.contenders.map(contender => `${contender.name} lost ${number.format(contender.lost)}`).join(", ");
  report.contenders.filter(contender => contender.sent > 0).forEach(showContender);
  showQuietCosts(report.contenders);
  showLost(report.contenders);
}

function showContender(contender) {
  const card = cards[contender.kind];
  const racing = contender.costs.racing;
  const set = (field, text) => card.querySelector(`[data-field=${field}]`).textContent = text;

  card.classList.toggle("lost", contender.lost > 0);
  card.classList.toggle("kept", contender.lost === 0);
  card.querySelector(".bar span").style.width = `${100 * contender.lost / Math.max(1, contender.acknowledged)}%`;
  set("lost", number.format(contender.lost));
  set("lostOf", `of ${number.format(contender.acknowledged)} entries lost`);
  set("acknowledged", number.format(contender.acknowledged));
  set("statements", number.format(racing.statements));
  set("transactionControl", number.format(racing.transactionControl));
  set("rowsWritten", number.format(racing.rowsWritten));
  card.querySelector(".round").replaceChildren(...contender.lastRound.map(box));
}

function box(entry, index) {
  const fate = entry.isLost ? "lost" : entry.isAcknowledged ? "kept" : "refused";
  const item = document.createElement("li");
  item.className = fate;
  item.textContent = index + 1;
  item.title = `${entry.name}: ${fate}`;
  item.setAttribute("aria-label", item.title);
  return item;
}

function showQuietCosts(contenders) {
  for (const row of document.querySelectorAll("[data-cost]")) {
    contenders.forEach((contender, column) => {
      if (contender.rounds > 0) {
        const cost = contender.costs[row.dataset.cost];
        const [statements, rows] = [cost.statements, cost.rowsWritten].map(sum => decimal.format(sum / contender.rounds));
        row.querySelectorAll("td")[column].textContent = `${statements} / ${rows}`;
      }
    });
  }
}

function showLost(contenders) {
  byId("lost").replaceChildren(...contenders.map(contender => {
    const names = contender.lastRound.filter(entry => entry.isLost).map(entry => entry.name);
    const line = document.createElement("p");
    const label = document.createElement("b");
    label.textContent = `${contender.name}: `;
    line.append(label, names.length > 0 ? names.join(", ") : contender.rounds > 0 ? "none" : "not yet run");
    return line;
  }));
}

function showVerdict(verdict) {
  const line = byId("verdict");
  line.textContent = verdict.sentence;
  line.className = `verdict ${verdict.isProven ? "proven" : "not"}`;
  line.hidden = false;
}

function setRunning(isRunning) {
  byId("start").disabled = isRunning;
  byId("stop").hidden = !isRunning;
  byId("rounds").disabled = isRunning;
  byId("requests").disabled = isRunning;
}
