// The page: reports beside their events. Data stands in the document as JSON and reaches it only as
// text nodes and attributes, never as markup. Offsets are UTF-16 code units.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const KINDS = ["action", "loss", "who", "where", "when", "means", "voice"];
  const LOSSES = [["killed", "killed"], ["wounded", "wounded"], ["killed_wounded", "killed and wounded, told together"], ["missing", "missing"],
    ["abducted", "abducted"], ["captured", "captured"], ["freed", "freed"], ["recaptured", "recaptured"], ["surrendered", "surrendered"],
    ["displaced", "displaced"], ["displaced_households", "households displaced"], ["returned", "returned"]];
  const PAGE = 40, CARDS = 60, TEXT = 200000, DAY = 86400000;

  // --- Elements -------------------------------------------------------------------------------

  function h(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key === "on") Object.entries(value).forEach(([type, f]) => node.addEventListener(type, f));
      else if (key === "vars") Object.entries(value).forEach(([name, v]) => node.style.setProperty(name, v));
      else node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "" && child !== false));
    return node;
  }
  // Controls become their pictures and bidi overrides a replacement, one code unit for one, so that
  // offsets hold and nothing in a report reorders what stands around it.
  const clean = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\u007f/g, "\u2421").replace(/[\u0080-\u009f\u202d\u202e]/g, "\ufffd");
  const bdi = (text) => h("bdi", {}, clean(text));
  const quiet = (...children) => h("span", { class: "quiet" }, ...children);
  const words = (code) => (code || "").replaceAll("_", " ");
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const plural = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
  const number = (n) => (n === null || n === undefined ? "–" : n.toLocaleString("en"));
  const between = (parts, mark) => parts.flatMap((part, i) => (i ? [mark, part] : [part]));
  const cardOf = (node) => node.closest && node.closest(".card");

  // --- Data -----------------------------------------------------------------------------------

  const page = JSON.parse($("page").textContent);
  const reports = [...document.querySelectorAll("script.r")].map((node, index) => {
    const report = JSON.parse(node.textContent);
    node.remove();
    report.index = index;
    report.events.forEach((event, at) => {
      event.at = at;
      event.report = report;
      const days = event.record.when;
      event.from = days && (days.earliest || days.latest) ? Date.parse(days.earliest || days.latest) / DAY : null;
      event.to = days && (days.latest || days.earliest) ? Date.parse(days.latest || days.earliest) / DAY : null;
    });
    return report;
  });
  const all = reports.flatMap((report) => report.events);
  // Relations stay within a report; a text that was read twice has the same ids twice.
  reports.forEach((report) => { report.byId = new Map(report.events.map((event) => [event.record.id, event])); });
  const related = (event, id) => event.report.byId.get(id);
  const define = (list, code) => (page.codes[list] || {})[code] || null;

  function haystack(event) {
    if (event.hay) return event.hay;
    const { record, view, report } = event;
    const parts = [report.title, report.id, report.publisher, words(record.action.family), words(record.action.tactic), record.status,
      record.scope === "aggregate" ? "total aggregate" : "", record.told, view.when, view.place, view.passage, record.id];
    record.where.forEach((p) => parts.push(p.name, p.resolved, p.detail, p.country, p.admin1, p.admin2, p.admin3, ...p.within));
    record.participants.forEach((p) => parts.push(p.name, words(p.class), p.register, words(p.target_type), p.country));
    record.action.weapons.forEach((w) => parts.push(words(w.kind), w.mention));
    record.materiel.forEach((m) => parts.push(words(m.item)));
    record.voices.forEach((v) => parts.push(v.name));
    event.hay = parts.filter(Boolean).join(" ").toLowerCase();
    return event.hay;
  }

  // --- Filter ---------------------------------------------------------------------------------

  const filter = { query: "", families: new Set(), background: true, span: null };
  const narrowed = () => filter.query !== "" || filter.families.size > 0 || filter.span !== null || !filter.background;
  let shown = [], pages = [], at = 0, selected = null, current = null; // current: the report that was last gone to

  const passes = (event, apart) =>
    (filter.background || event.record.told === "news")
    && (apart === "families" || !filter.families.size || filter.families.has(event.record.action.family))
    && (apart === "span" || !filter.span || (event.from !== null && event.from <= filter.span[1] && event.to >= filter.span[0]))
    && filter.query.split(/\s+/).every((word) => haystack(event).includes(word));

  function apply(keep) {
    shown = all.filter((event) => passes(event));
    const kept = new Set(shown);
    const mentions = (report) => filter.query && !filter.families.size && !filter.span
      && filter.query.split(/\s+/).every((word) => `${report.title || ""} ${report.id} ${report.text}`.toLowerCase().includes(word));
    pages = [];
    let weight = PAGE;
    for (const report of reports) {
      report.shown = report.events.filter((event) => kept.has(event));
      if (narrowed() && !report.shown.length && !(mentions(report) && !report.events.length)) continue;
      if (weight >= PAGE) { pages.push([]); weight = 0; }
      pages[pages.length - 1].push(report);
      weight += 1 + Math.min(report.shown.length, CARDS);
    }
    at = keep ? Math.min(at, Math.max(0, pages.length - 1)) : 0;
    if (selected && !kept.has(selected)) selected = null;
    overview();
    render();
  }

  // --- Text with its marks --------------------------------------------------------------------

  const nodesOf = new Map(); // event -> [{ node, kind, row }]
  const marksOf = new WeakMap(); // outermost mark -> [{ event, kind, row }]

  /** Line ends of a text that was wrapped by hand become spaces, one code unit for one; paragraphs,
   *  lists and short lines stay. */
  function unwrapped(text) {
    const lines = text.split("\n"), full = lines.map((line) => line.trimEnd().length).filter((length) => length > 0).sort((a, b) => a - b);
    const usual = full[Math.floor(full.length * 0.6)], longest = full[full.length - 1];
    if (full.length < 4 || usual < 45 || longest > 1.4 * usual + 10) return text;
    return lines.map((line, i) => {
      if (i + 1 === lines.length) return line;
      const goesOn = line.trimEnd().length > 0.7 * usual && /^[\p{L}\p{N}"'“(]/u.test(lines[i + 1]);
      return line + (goesOn ? " " : "\n");
    }).join("");
  }

  function written(report) {
    const length = report.whole ? report.text.length : Math.min(report.text.length, TEXT);
    const marks = report.shown.flatMap((event) => event.view.marks.map(([kind, row, start, end]) => ({ event, kind, row, start, end: Math.min(end, length) })))
      .filter((mark) => mark.start < mark.end).sort((a, b) => a.start - b.start);
    const cuts = [...new Set([0, length, ...marks.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
    const text = unwrapped(clean(report.text.slice(0, length)));
    const box = h("div", { class: "words", dir: "auto", lang: report.language });
    let active = [], next = 0;
    for (let i = 0; i + 1 < cuts.length; i++) {
      const [from, to] = [cuts[i], cuts[i + 1]];
      active = active.filter((mark) => mark.end > from);
      while (next < marks.length && marks[next].start <= from) active.push(marks[next++]);
      const piece = document.createTextNode(text.slice(from, to));
      if (!active.length) { box.append(piece); continue; }
      // One element a kind, each in the one before: their underlines stand under each other.
      let outer = null, inner = null;
      KINDS.filter((kind) => active.some((mark) => mark.kind === kind)).forEach((kind, depth) => {
        const node = h("span", { class: `m line ${kind}`, vars: { "--d": depth } });
        active.filter((mark) => mark.kind === kind).forEach(({ event, row }) => {
          if (!nodesOf.has(event)) nodesOf.set(event, []);
          nodesOf.get(event).push({ node, kind, row });
        });
        if (inner) inner.append(node); else outer = node;
        inner = node;
      });
      inner.append(piece);
      marksOf.set(outer, active.slice());
      box.append(outer);
    }
    const markAt = (target) => {
      let node = target.closest(".m");
      while (node && node.parentElement.closest(".m")) node = node.parentElement.closest(".m");
      return node && marksOf.get(node);
    };
    box.addEventListener("pointerover", (e) => touch(markAt(e.target)));
    box.addEventListener("pointerleave", () => touch(null));
    box.addEventListener("click", (e) => {
      const found = markAt(e.target);
      if (!found || String(getSelection()) !== "") return;
      const events = [...new Set([...found].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)).map((mark) => mark.event))];
      select(events[(events.indexOf(selected) + 1) % events.length], { text: false });
    });
    return box;
  }

  /** Lights up the cards and fields that the mark under the pointer belongs to. */
  function touch(marks) {
    document.querySelectorAll(".touched").forEach((node) => node.classList.remove("touched"));
    (marks || []).forEach(({ event, kind, row }) => {
      if (!event.card) return;
      event.card.classList.add("touched");
      const field = event.card.querySelector(`[data-kind="${kind}"][data-row="${row}"]`);
      if (field) field.classList.add("touched");
    });
  }

  /** Lights up the words of one event, those of one field more. */
  function light(event, field) {
    document.querySelectorAll(".picking").forEach((node) => node.classList.remove("picking"));
    document.querySelectorAll(".m.on, .m.row").forEach((node) => node.classList.remove("on", "row"));
    if (!event || !event.report.node) return;
    event.report.node.classList.add("picking");
    (nodesOf.get(event) || []).forEach(({ node, kind, row }) => {
      node.classList.add("on");
      if (field && field.kind === kind && String(row) === field.row) node.classList.add("row");
    });
  }

  // --- Cards ----------------------------------------------------------------------------------

  const field = (kind, row, ...children) => h("div", { "data-kind": kind, "data-row": row }, ...children);
  const entry = (name, kind, rows) => (rows.length ? [h("dt", {}, h("span", { class: kind && `line ${kind}` }, name)), h("dd", {}, rows)] : []);
  const speakers = (record, indices) => between(indices.map((i) => record.voices[i]).filter(Boolean)
    .map((voice) => (voice.name ? bdi(voice.name) : voice.kind === "report" ? "the report" : words(voice.kind))), ", ");
  const says = (record, indices) => (indices.length ? quiet(" — ", speakers(record, indices)) : "");

  function whenRow({ record, view }) {
    const { when } = record;
    if (!when) return [];
    const facts = [words(when.basis)];
    if (when.anchor && when.basis !== "stated") facts[0] += ` from ${when.anchor}`;
    if (when.calendar !== "gregorian") facts.push(`${when.calendar} calendar`);
    if (when.extent === "lasting" || when.extent === "repeated") facts.push(when.extent);
    if (when.grain !== "day") facts.push(`to the ${words(when.grain)}`);
    const others = when.alternatives.map(([a, b]) => (a === b ? a : `${a} to ${b}`));
    return [field("when", 0, view.when, quiet(" “", bdi(when.stated), `” · ${facts.join(" · ")}`),
      others.length ? quiet(` · or ${others.join(", or ")}`) : "")];
  }

  function placeRow(event, place, row) {
    const { view } = event;
    const facts = [];
    if (place.function !== "site") facts.push(words(place.function));
    facts.push(place.precision === "unresolved" ? "not in the gazetteer" : `to ${words(place.precision)}`);
    if (place.lat !== null && place.lon !== null) facts.push(`${place.lat.toFixed(3)}, ${place.lon.toFixed(3)}`);
    const parents = [...view.parents[row], place.country].filter(Boolean);
    return field("where", row, bdi(view.places[row]), place.detail ? [" (", bdi(place.detail), ")"] : "",
      place.resolved && place.resolved !== place.name ? [" = ", bdi(place.resolved)] : "",
      between(parents.map(bdi), ", ").map((part, i) => (i === 0 ? [", ", part] : part)), quiet(` · ${facts.join(" · ")}`),
      place.candidates.length ? [" ", h("button", { type: "button", class: "small", "aria-haspopup": "dialog", on: { click: (e) => { e.stopPropagation(); readings.show(event, row); } } },
        plural(place.candidates.length, "reading", "readings"))] : "");
  }

  function participantRow({ record, view }, participant, row) {
    const facts = [];
    if (participant.class !== "unknown") facts.push(h("span", { title: define("classes", participant.class) }, words(participant.class)));
    if (participant.target_type && participant.target_type !== participant.class) facts.push(h("span", { title: define("target_types", participant.target_type) }, words(participant.target_type)));
    if (participant.country) facts.push(participant.country);
    if (participant.government_of) facts.push(`government of ${participant.government_of}`);
    if (participant.effect) facts.push(participant.effect);
    const role = { actor: "", recipient: "→ " }[participant.role];
    const firm = participant.attributions.filter((a) => a.status !== "stated")
      .map((a) => h("span", { class: "note" }, ` ${a.status} by `, speakers(record, [a.voice]), a.mode ? ` (${words(a.mode)})` : ""));
    return field("who", row, role === undefined ? quiet(`${participant.role}: `) : role, view.participants[row] ? `${view.participants[row]} ` : "",
      bdi(participant.name), facts.length ? quiet(" (", between(facts, ", "), ")") : "", firm);
  }

  function lossRow({ record, view }, loss, row) {
    const rival = record.losses.slice(0, row).some((other) => other.figure === loss.figure && String(other.outcome) === String(loss.outcome));
    const part = loss.included_in !== null;
    const lead = part ? "of these " : rival ? "or " : "";
    const who = [view.losses[row].who ? bdi(view.losses[row].who) : ""].filter(Boolean);
    if (loss.who.side === "a" || (loss.who.side === "b" && record.action.directionality === "two_sided")) who.push(`side ${loss.who.side}`);
    if (loss.cause !== "direct") who.push(words(loss.cause));
    const node = field("loss", row, lead ? quiet(lead) : "", `${loss.outcome.map(words).join(" and ")} `, h("strong", {}, view.losses[row].count),
      who.length ? [" (", between(who, ", "), ")"] : "", says(record, loss.voices));
    if (part || rival) node.classList.add("part");
    return node;
  }

  function materielRow({ record, view }, row, index) {
    return field("loss", record.losses.length + index, `${row.outcome} `, h("strong", {}, view.materiel[index]), " ",
      h("span", { title: define("materiel", row.item) }, words(row.item)), says(record, row.voices));
  }

  function resultRows({ record }) {
    const { outcome, territory, response } = record.result;
    const parts = [outcome, response ? `response: ${words(response)}` : null];
    if (territory && territory.gained_by) parts.push(`ground gained by side ${territory.gained_by}`);
    if (territory && territory.lost_by) parts.push(`ground lost by side ${territory.lost_by}`);
    const text = parts.filter(Boolean).join(", ");
    return text ? [h("div", {}, text, territory ? says(record, territory.voices) : "")] : [];
  }

  function relationRows(event) {
    const { record, report } = event;
    const link = (relation, lead) => {
      const other = related(event, relation.id);
      if (!other) return h("div", {}, `${lead} ${relation.id}`);
      const name = `${other.view.title}${other.view.place ? ` · ${other.view.place}` : ""}`;
      return h("div", {}, `${lead} `, h("button", { type: "button", class: "small", on: { click: (e) => { e.stopPropagation(); select(other); } } }, bdi(name)));
    };
    const owned = record.scope === "aggregate" ? report.events.filter((part) => part.record.relations.some((r) => r.kind === "part_of" && r.event === record.id)) : [];
    return [...record.relations.map((r) => link({ id: r.event }, words(r.kind))), ...owned.map((part) => link({ id: part.record.id }, "owns"))];
  }

  function details(event) {
    const { record } = event;
    const voices = record.voices.map((voice, row) => field("voice", row, voice.name ? bdi(voice.name) : voice.kind === "report" ? "the report" : words(voice.kind),
      quiet([voice.name ? ` · ${words(voice.kind)}` : "", voice.verb ? [" · “", bdi(voice.verb), "”"] : "", voice.side ? ` · side ${voice.side}` : "",
        voice.cites !== null ? [" · cites ", speakers(record, [voice.cites])] : "", voice.verification ? ` · ${words(voice.verification)}` : "",
        record.voices_of_event.includes(row) ? " · tells the event" : ""])));
    const others = record.where.flatMap((place) => place.candidates.slice(0, 4)
      .filter((c) => c.gazetteer !== place.gazetteer)
      .map((c) => h("div", {}, bdi(place.name), ": ", bdi([c.name, c.admin1, c.country].filter(Boolean).join(", ")), quiet(` · ${c.gazetteer} · ${c.score.toFixed(2)}`))));
    const registers = [...new Set([...record.participants, ...record.losses.map((l) => l.who)].map((p) => p.register).filter(Boolean))].map((id) => h("div", {}, id));
    const gazetteer = [...new Set(record.where.map((p) => p.gazetteer).filter(Boolean))].map((id) => h("div", {}, id));
    const made = `casus ${record.made_by.casus} · data ${record.made_by.pack}${record.made_by.options ? ` · ${record.made_by.options}` : ""}`;
    const json = h("details", { on: { toggle: (e) => {
      if (e.target === json && json.open && !json.querySelector("pre")) json.append(h("pre", { tabindex: 0, dir: "ltr" }, clean(JSON.stringify(record, null, 1))));
    } } }, h("summary", {}, "Record (JSON)"));
    return h("details", { class: "more" }, h("summary", {}, "Voices, ids, doubts"),
      h("dl", {}, entry("voices", "voice", voices), entry("or else", "", others), entry("register", "", registers), entry("gazetteer", "", gazetteer),
        entry("id", "", [h("div", {}, record.id)]), entry("made by", "", [h("div", {}, made)])), json);
  }

  function card(event) {
    const { record, view } = event;
    const tags = [];
    if (record.status !== "happened") tags.push(h("span", { class: "tag strong" }, record.status));
    if (record.scope === "aggregate") tags.push(h("span", { class: "tag" }, "total"));
    if (record.told === "background") tags.push(h("span", { class: "tag" }, "recalled"));
    if (view.occurrences) tags.push(h("span", { class: "tag" }, `${view.occurrences} occurrences`));
    const also = record.action.also.length ? `, also ${record.action.also.map(words).join(", ")}` : "";
    const means = record.action.weapons.map((w, row) => field("means", row, h("span", { title: define("weapons", w.kind) }, words(w.kind)),
      w.mention && w.mention !== words(w.kind) ? quiet(" “", bdi(w.mention), "”") : ""));
    if (record.action.delivery) means.push(h("div", {}, quiet("delivery: "), h("span", { title: define("delivery", record.action.delivery) }, words(record.action.delivery))));
    const sided = record.action.directionality === "two_sided" ? [h("div", {}, quiet("force from both sides"))] : [];
    const node = h("article", { class: `card ${record.told} ${record.status}`, tabindex: 0, "aria-label": `${event.at + 1}. ${view.title}${view.place ? `, ${view.place}` : ""}` },
      h("h3", {}, h("span", { title: define("tactics", record.action.tactic) }, view.title, record.action.tactic ? ` · ${words(record.action.tactic)}` : "", also), tags,
        h("span", { class: "spread", title: "Probability that the record is right" }, `confidence ${record.confidence.toFixed(2)}`)),
      h("p", { class: "lead" }, view.place ? [bdi(view.place), " · "] : "", view.date),
      h("dl", {},
        entry("when", "when", whenRow(event)),
        entry("where", "where", record.where.map((place, row) => placeRow(event, place, row))),
        entry("who", "who", [...record.participants.map((p, row) => participantRow(event, p, row)), ...sided]),
        entry("means", "means", means),
        entry("losses", "loss", record.losses.map((loss, row) => lossRow(event, loss, row))),
        entry("things", "loss", record.materiel.map((row, i) => materielRow(event, row, i))),
        entry("result", "action", resultRows(event)),
        entry("linked", "", relationRows(event)),
        entry("doubts", "", record.notes.map((note) => h("div", { class: "note" }, `${note.code} ${clean(note.message)}`)))),
      details(event));
    node.addEventListener("pointerover", (e) => {
      const over = e.target.closest("[data-kind]");
      light(event, over ? { kind: over.dataset.kind, row: over.dataset.row } : null);
    });
    node.addEventListener("pointerleave", () => light(selected));
    node.addEventListener("focusin", () => { if (selected !== event) select(event, { focus: false, page: false }); });
    node.addEventListener("click", (e) => { if (!e.target.closest("button, summary, pre, a")) select(event, { focus: false, page: false }); });
    event.card = node;
    return node;
  }

  // --- Reports --------------------------------------------------------------------------------

  function reportNode(report) {
    const facts = [`report ${report.number}`, report.title ? bdi(report.id) : null, report.publisher ? bdi(report.publisher) : null, report.published, report.language,
      report.genre ? words(report.genre) : null, report.path && report.path !== report.id ? bdi(report.path) : null,
      report.url ? (/^https?:\/\//i.test(report.url) ? h("a", { href: report.url, rel: "noreferrer noopener", target: "_blank" }, bdi(report.url)) : bdi(report.url)) : null,
      plural(report.events.length, "event", "events")].filter(Boolean);
    const heading = `report-${report.index}`;
    const text = h("div", { class: "text", tabindex: report.text.length > 1500 ? 0 : null, role: "region", "aria-label": "Text of the report" }, written(report));
    if (!report.whole && report.text.length > TEXT) {
      text.append(h("button", { type: "button", on: { click: () => { report.whole = true; render(); } } }, `Show all ${plural(report.text.length, "character", "characters")}`));
    }
    const cards = h("div", { class: "cards" });
    const fill = (from) => {
      cards.append(...report.shown.slice(from, from + CARDS).map(card));
      if (from + CARDS < report.shown.length) {
        const more = h("button", { type: "button", on: { click: () => { more.remove(); fill(from + CARDS); } } },
          `Show ${Math.min(CARDS, report.shown.length - from - CARDS)} more of ${plural(report.shown.length, "event", "events")}`);
        cards.append(more);
        report.fill = () => more.click();
      } else report.fill = null;
    };
    if (report.shown.length) fill(0);
    else cards.append(h("p", { class: "empty" }, "No event was read from this report."));
    const hiddenEvents = report.events.length - report.shown.length;
    if (hiddenEvents && report.shown.length) cards.append(h("p", { class: "quiet small" }, `${plural(hiddenEvents, "event", "events")} of this report not shown by the filter.`));
    report.node = h("section", { class: "report", "aria-labelledby": heading },
      h("header", {}, h("h2", { id: heading, dir: "auto" }, clean(report.title || report.id)), h("p", {}, between(facts, " · ")),
        report.notes.map((note) => h("p", { class: "note" }, `${note.code} ${clean(note.message)}`))),
      h("div", { class: "sides" }, text, cards));
    return report.node;
  }

  function render() {
    nodesOf.clear();
    all.forEach((event) => { event.card = null; });
    reports.forEach((report) => { report.node = null; });
    const main = $("reports");
    const nodes = (pages[at] || []).map(reportNode);
    if (!reports.length) nodes.push(h("p", { class: "empty" }, "No report was read."));
    else if (!nodes.length) nodes.push(h("p", { class: "empty" }, "No event fits the filter."));
    main.replaceChildren(...nodes);
    pager();
    active();
    if (selected) mark(selected);
  }

  function pager() {
    const nav = $("pager");
    nav.hidden = pages.length < 2;
    const turn = (to) => () => { at = to; selected = current = null; render(); $("reports").focus({ preventScroll: true }); $("reports").scrollIntoView(); };
    const first = pages[at] && pages[at][0], last = pages[at] && pages[at][pages[at].length - 1];
    nav.replaceChildren(h("button", { type: "button", disabled: at === 0, on: { click: turn(at - 1) } }, "Previous"),
      h("span", { class: "quiet" }, `Page ${at + 1} of ${pages.length}${first ? ` · reports ${first.number}–${last.number}` : ""}`),
      h("button", { type: "button", disabled: at + 1 >= pages.length, on: { click: turn(at + 1) } }, "Next"));
  }

  function active() {
    const line = $("active");
    line.hidden = !narrowed();
    const off = (name, clear) => h("button", { type: "button", "aria-label": `Remove filter ${name}`, on: { click: () => { clear(); apply(); } } }, `${name} ×`);
    line.replaceChildren(h("span", {}, `${plural(shown.length, "event", "events")} of ${all.length.toLocaleString("en")}`),
      ...[...filter.families].map((family) => off(words(family), () => filter.families.delete(family))),
      ...(filter.span ? [off(filter.span[2], () => { filter.span = null; })] : []),
      ...(filter.query ? [off(`“${filter.query}”`, () => { filter.query = ""; $("query").value = ""; })] : []));
    $("live").textContent = narrowed() ? `${plural(shown.length, "event", "events")} shown` : "";
  }

  // --- Selection ------------------------------------------------------------------------------

  function mark(event) {
    document.querySelectorAll('.card[aria-current="true"]').forEach((node) => node.removeAttribute("aria-current"));
    if (event && event.card) event.card.setAttribute("aria-current", "true");
    light(event);
    map.draw();
  }

  function select(event, { focus = true, page: turn = true, text = true } = {}) {
    if (!event) return;
    if (turn && !shown.includes(event)) { filter.query = ""; $("query").value = ""; filter.families.clear(); filter.span = null; filter.background = $("background").checked = true; selected = null; apply(); }
    selected = event;
    current = event.report;
    const target = pages.findIndex((reports) => reports.includes(event.report));
    if (turn && target >= 0 && target !== at) { at = target; render(); }
    while (!event.card && event.report.fill) event.report.fill();
    mark(event);
    if (focus && event.card) {
      event.card.focus({ preventScroll: true });
      event.card.scrollIntoView({ block: "nearest" });
    }
    if (text) reveal(event);
    const where = shown.indexOf(event);
    $("live").textContent = `Event ${where + 1} of ${shown.length}: ${[event.view.title, event.view.place, event.view.date].filter(Boolean).join(", ")}`;
  }

  /** Scrolls the text beside the cards, not the page, to the words that name the action. */
  function reveal(event) {
    const box = event.report.node && event.report.node.querySelector(".text");
    const first = (nodesOf.get(event) || []).find(({ kind }) => kind === "action") || (nodesOf.get(event) || [])[0];
    if (!box || !first || box.scrollHeight <= box.clientHeight + 4) return;
    const [b, n] = [box.getBoundingClientRect(), first.node.getBoundingClientRect()];
    if (n.top < b.top + 30 || n.bottom > b.bottom - 30) box.scrollTop += n.top - b.top - b.height / 3;
  }

  function step(by) {
    const from = selected ? shown.indexOf(selected) : -1;
    const start = pages[at] && pages[at].flatMap((report) => report.shown)[0];
    select(shown[from < 0 ? shown.indexOf(start) : Math.max(0, Math.min(shown.length - 1, from + by))]);
  }

  function stepReport(by) {
    const list = pages.flat(), from = list.indexOf(current);
    const report = from < 0 ? pages[at] && pages[at][0] : list[from + by];
    if (!report) return;
    const target = pages.findIndex((reports) => reports.includes(report));
    if (target !== at) { at = target; render(); }
    if (report.shown.length) select(report.shown[0]);
    else {
      selected = null;
      mark(null);
      $("live").textContent = `Report ${report.number}: no event`;
    }
    current = report;
    report.node.scrollIntoView();
  }

  // --- Overview -------------------------------------------------------------------------------

  function overview() {
    $("overview").hidden = !all.length;
    $("legend").hidden = !all.length;
    if (!all.length) return;
    timeline();
    families();
    losses();
    map.points(shown);
  }

  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const dateOf = (day) => new Date(day * DAY);
  const dayName = (day) => { const d = dateOf(day); return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`; };

  /** Least and greatest; without the outermost fiftieth on either side where these make most of the span. */
  function bulk(lows, highs, weights) {
    const sorted = (values) => values.map((value, i) => [value, weights ? weights[i] : 1]).sort((a, b) => a[0] - b[0]);
    const at = (pairs, share) => {
      let left = share * pairs.reduce((sum, pair) => sum + pair[1], 0);
      return (pairs.find((pair) => (left -= pair[1]) < 0) || pairs[pairs.length - 1])[0];
    };
    const [a, b] = [sorted(lows), sorted(highs)];
    const whole = [a[0][0], b[b.length - 1][0]], inner = [at(a, 0.02), Math.max(at(a, 0.02), at(b, 0.98))];
    return inner[1] - inner[0] < 0.5 * (whole[1] - whole[0]) ? inner : whole;
  }

  /** Bins of days, weeks, months or years that cover the span in at most about seventy bars. */
  function bins(from, to) {
    const d = dateOf(from), out = [];
    const add = (start, end, name) => out.push({ from: start, to: end, name, sure: 0, may: 0 });
    const utc = (y, m) => Date.UTC(y, m, 1) / DAY;
    if (to - from <= 69) for (let x = from; x <= to; x++) add(x, x, dayName(x));
    else if (to - from <= 480) for (let x = from - ((d.getUTCDay() + 6) % 7); x <= to; x += 7) add(x, x + 6, `week of ${dayName(x)}`);
    else if (to - from <= 365 * 6) for (let y = d.getUTCFullYear(), m = d.getUTCMonth(); utc(y, m) <= to; m++) add(utc(y, m), utc(y, m + 1) - 1, `${MONTHS[((m % 12) + 12) % 12]} ${dateOf(utc(y, m)).getUTCFullYear()}`);
    else {
      const years = Math.ceil((to - from) / 365 / 70);
      for (let y = d.getUTCFullYear(); utc(y, 0) <= to; y += years) add(utc(y, 0), utc(y + years, 0) - 1, years === 1 ? String(y) : `${y}–${y + years - 1}`);
    }
    return out;
  }

  function timeline() {
    const box = $("timeline");
    let dated = all.filter((event) => event.from !== null && event.record.scope === "incident" && passes(event, "span"));
    const news = dated.filter((event) => event.record.told === "news");
    if (news.length) dated = news;
    $("timeline-key").hidden = !dated.length;
    if (!dated.length) { box.replaceChildren(h("p", { class: "quiet small" }, "No dated event.")); $("axis").replaceChildren(); return; }
    const [first, last] = bulk(dated.map((e) => e.from), dated.map((e) => e.to));
    const list = bins(first, last);
    const [from, to] = [list[0].from, list[list.length - 1].to];
    if (dated.some((e) => e.from < from)) list.unshift({ from: -Infinity, to: from - 1, name: `before ${dayName(from)}`, sure: 0, may: 0 });
    if (dated.some((e) => e.to > to)) list.push({ from: to + 1, to: Infinity, name: `after ${dayName(to)}`, sure: 0, may: 0 });
    dated.forEach((event) => list.forEach((bin) => {
      if (event.from >= bin.from && event.to <= bin.to) bin.sure++;
      else if (event.from <= bin.to && event.to >= bin.from) bin.may++;
    }));
    const most = Math.max(1, ...list.map((bin) => bin.sure + bin.may));
    const pressed = (bin) => filter.span !== null && filter.span[0] === bin.from && filter.span[1] === bin.to;
    const buttons = list.map((bin, i) => {
      const name = `${bin.name}: ${plural(bin.sure, "event", "events")}${bin.may ? `, ${bin.may} possible` : ""}`;
      return h("button", { type: "button", title: name, "aria-label": name, "aria-pressed": pressed(bin), tabindex: i ? -1 : 0,
        on: { click: () => { filter.span = pressed(bin) ? null : [bin.from, bin.to, bin.name]; apply(); } } },
      h("span", { vars: { "--n": (100 * bin.sure) / most } }), h("span", { class: "may", vars: { "--n": (100 * bin.may) / most } }));
    });
    box.onkeydown = (e) => {
      const move = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      const next = move && buttons[buttons.indexOf(document.activeElement) + move];
      if (!next) return;
      e.preventDefault();
      buttons.forEach((button) => { button.tabIndex = -1; });
      next.tabIndex = 0;
      next.focus();
    };
    box.replaceChildren(...buttons);
    const short = (name) => name.replace("week of ", "");
    const ends = list.length > 1 ? [list[0], list[list.length - 1]] : [list[0]];
    $("axis").replaceChildren(...ends.map((bin) => h("span", {}, short(bin.name))));
  }

  function families() {
    const counts = new Map();
    all.filter((event) => passes(event, "families")).forEach((event) => counts.set(event.record.action.family, (counts.get(event.record.action.family) || 0) + 1));
    const rows = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const most = Math.max(1, ...rows.map((row) => row[1]));
    const listed = filter.listed || rows.length <= 8 ? rows : rows.slice(0, 7);
    const rest = rows.length - listed.length;
    const more = rest ? [h("button", { type: "button", class: "quiet", on: { click: () => { filter.listed = true; families(); } } }, `${rest} more`)] : [];
    $("families").replaceChildren(...listed.map(([family, count]) => h("button", { type: "button", "aria-pressed": filter.families.has(family),
      on: { click: () => { if (!filter.families.delete(family)) filter.families.add(family); apply(); } } },
    h("span", {}, capital(words(family))), h("span", { class: "bar", vars: { "--n": (100 * count) / most } }), h("span", { class: "number" }, number(count)))), ...more);
  }

  function losses() {
    const kept = new Set(shown);
    const whole = (event) => event.record.relations.filter((r) => r.kind === "part_of").map((r) => related(event, r.event)).find((other) => kept.has(other));
    const covered = (event, name) => {
      for (let up = whole(event), hops = 0; up && hops < 9; up = whole(up), hops++) if (up.view.tally[name]) return true;
      return false;
    };
    const retold = (event) => event.record.relations.some((r) => (r.kind === "same_as" || r.kind === "rival_account_of") && kept.has(related(event, r.event)) && related(event, r.event).at < event.at);
    const rows = LOSSES.map(([name, label]) => {
      let value = null, low = null, high = 0;
      shown.filter((event) => event.view.tally[name] && event.record.told === "news" && event.record.status !== "denied" && !covered(event, name) && !retold(event)).forEach((event) => {
        const quantity = event.view.tally[name];
        if (quantity.value !== null) value = (value || 0) + quantity.value;
        if (quantity.low !== null) low = (low || 0) + quantity.low;
        high = high === null || quantity.high === null ? null : high + quantity.high;
      });
      return value === null && low === null ? null : h("tr", {}, h("td", {}, label), h("td", {}, h("strong", {}, number(value))), h("td", {}, number(low)), h("td", {}, high === null ? "open" : number(high)));
    }).filter(Boolean);
    const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "hidden" }, "outcome")), ...["told first", "at least", "at most"].map((name) => h("th", { scope: "col" }, name))));
    $("losses").replaceChildren(rows.length ? h("table", {}, head, h("tbody", {}, rows)) : h("p", { class: "quiet small" }, "None told."));
  }

  // --- Map ------------------------------------------------------------------------------------

  const map = (() => {
    const canvas = $("map"), context = canvas.getContext("2d"), tip = $("tip");
    const view = { x: 0.5, y: 0.5, k: 400 }; // centre in the Mercator square of side 1, pixels a side
    let groups = [], roads = [], width = 0, height = 0, world = null, fitted = false;
    const project = (lon, lat) => [(lon + 180) / 360, 0.5 - Math.log(Math.tan(Math.PI / 4 + (Math.max(-84, Math.min(84, lat)) * Math.PI) / 360)) / (2 * Math.PI)];
    const screen = ([x, y]) => [(x - view.x) * view.k + width / 2, (y - view.y) * view.k + height / 2];

    function decoded(line) {
      const points = [];
      let i = 0, x = 0, y = 0;
      const value = () => {
        let shift = 0, bits = 0, c;
        do { c = line.charCodeAt(i++) - 63; bits |= (c & 31) << shift; shift += 5; } while (c >= 32);
        return bits & 1 ? ~(bits >> 1) : bits >> 1;
      };
      while (i < line.length) {
        const step = value();
        // Over the date line the outline goes on; the world is drawn beside itself.
        x += Math.abs(step) > 18000 && i > 9 ? step - Math.sign(step) * 36000 : step;
        y += value();
        points.push(project(x / 100, y / 100));
      }
      return points;
    }

    function outlines() {
      const arcs = [], out = { land: new Path2D(), coast: new Path2D(), border: new Path2D(), names: [] };
      const trace = (path, points) => points.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
      for (const line of $("world").textContent.split("\n")) {
        const [type, a, b, c, d, ...name] = line.split(" ");
        if (type === "arc") { arcs.push(decoded(b)); trace(a === "b" ? out.border : out.coast, arcs[arcs.length - 1]); }
        if (type !== "land") continue;
        for (const ring of a.split(";")) {
          const points = [];
          for (const arc of ring.split(",")) {
            const next = arc[0] === "~" ? [...arcs[Number(arc.slice(1))]].reverse() : arcs[Number(arc)];
            const shift = points.length ? Math.round(points[points.length - 1][0] - next[0][0]) : 0;
            points.push(...next.map(([x, y]) => [x + shift, y]));
          }
          trace(out.land, points);
          out.land.closePath();
        }
        out.names.push({ at: project(Number(b), Number(c)), size: Number(d), name: name.join(" ") });
      }
      return out;
    }

    function points(events) {
      const found = new Map();
      roads = [];
      let unplaced = 0;
      for (const event of events) {
        const placed = event.record.where.filter((p) => p.lat !== null && p.lon !== null && p.function !== "alternative");
        if (!placed.length) { unplaced++; continue; }
        const [a, b] = ["end_a", "end_b"].map((end) => placed.find((p) => p.function === end));
        if (a && b) roads.push({ event, from: project(a.lon, a.lat), to: project(b.lon, b.lat) });
        for (const place of placed) {
          const shape = ["exact", "place", "near"].includes(place.precision) ? 0 : place.precision.startsWith("admin") ? 1 : 2;
          const key = `${place.lat.toFixed(3)} ${place.lon.toFixed(3)} ${shape}`;
          if (!found.has(key)) found.set(key, { at: project(place.lon, place.lat), shape, name: place.resolved || place.name, events: [] });
          const group = found.get(key);
          if (!group.events.includes(event)) group.events.push(event);
        }
      }
      groups = [...found.values()].sort((a, b) => b.shape - a.shape || b.events.length - a.events.length);
      $("unplaced").textContent = unplaced ? `${plural(unplaced, "event", "events")} without coordinates` : "";
      if (!fitted && width) fit(); else draw();
    }

    /** Shows where most events are or, if asked for, all of them. */
    function fit(everything) {
      fitted = true;
      const near = groups.filter((group) => group.shape < 2), list = near.length ? near : groups;
      if (!list.length) Object.assign(view, { x: 0.53, y: 0.44, k: Math.max(width, height * 1.4) });
      else {
        const weights = list.map((group) => group.events.length);
        const [[x0, x1], [y0, y1]] = [0, 1].map((axis) => {
          const values = list.map((group) => group.at[axis]);
          return everything ? [Math.min(...values), Math.max(...values)] : bulk(values, values, weights);
        });
        Object.assign(view, { x: (x0 + x1) / 2, y: (y0 + y1) / 2, k: 0.8 * Math.min(width / Math.max(x1 - x0, 0.016), height / Math.max(y1 - y0, 0.011)) });
        limit();
      }
      draw();
    }

    function limit() {
      view.k = Math.max(Math.min(width, height) * 0.9, Math.min(view.k, 400000));
      view.x = Math.max(0, Math.min(1, view.x));
      view.y = Math.max(0.05, Math.min(0.95, view.y));
    }

    const radius = (group) => Math.min(16, 4.2 + 1.9 * Math.sqrt(group.events.length - 1));

    /** Sea, land and borders, on any canvas. */
    function ground(context, { view, width, height, ratio }, colour) {
      world = world || outlines();
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.fillStyle = colour("--water");
      context.fillRect(0, 0, width, height);
      const { k } = view;
      context.lineJoin = "round";
      for (const beside of [-1, 0, 1]) {
        const left = width / 2 - (view.x - beside) * k;
        if (left > width || left + k * 1.06 < 0) continue;
        context.setTransform(ratio * k, 0, 0, ratio * k, ratio * left, ratio * (height / 2 - view.y * k));
        context.fillStyle = colour("--land");
        context.fill(world.land);
        context.lineWidth = 1 / k;
        context.strokeStyle = colour("--border");
        context.stroke(world.border);
        context.lineWidth = 0.8 / k;
        context.strokeStyle = colour("--coast");
        context.stroke(world.coast);
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      return world;
    }

    function draw() {
      if (!width || $("overview").hidden) return;
      const style = getComputedStyle(document.documentElement), colour = (name) => style.getPropertyValue(name).trim();
      const { k } = view;
      ground(context, { view, width, height, ratio: window.devicePixelRatio || 1 }, colour);

      const boxes = [];
      const free = (x, y, w) => {
        if (x < 0 || y < 8 || x + w > width || y > height - 4) return false;
        const box = [x - 2, y - 9, x + w + 2, y + 5];
        if (boxes.some((b) => b[0] < box[2] && box[0] < b[2] && b[1] < box[3] && box[1] < b[3])) return false;
        boxes.push(box);
        return true;
      };
      const label = (text, x, y, font, fill) => {
        context.font = font;
        const w = context.measureText(text).width;
        if (!free(x, y, w)) return;
        context.lineWidth = 3;
        context.strokeStyle = colour("--land");
        context.strokeText(text, x, y);
        context.fillStyle = fill;
        context.fillText(text, x, y);
      };

      const line = colour("--point"), pick = colour("--pick"), family = getComputedStyle(document.body).fontFamily;
      const chosen = (events) => selected !== null && events.includes(selected);
      for (const road of roads) {
        const on = road.event === selected, [a, b] = [screen(road.from), screen(road.to)];
        context.beginPath();
        context.setLineDash([6, 4]);
        context.moveTo(...a);
        context.lineTo(...b);
        context.lineWidth = on ? 3 : 2;
        context.strokeStyle = on ? pick : line;
        context.stroke();
        context.setLineDash([]);
      }
      for (const group of [...groups].sort((a, b) => chosen(a.events) - chosen(b.events))) {
        const [x, y] = screen(group.at), r = radius(group) + (group.shape === 2 ? 3 : 0), ink = chosen(group.events) ? pick : line;
        if (x < -30 || y < -30 || x > width + 30 || y > height + 30) continue;
        context.beginPath();
        if (group.shape === 0) context.arc(x, y, r, 0, 2 * Math.PI);
        else if (group.shape === 1) context.rect(x - r, y - r, 2 * r, 2 * r);
        else { context.moveTo(x, y - r); context.lineTo(x + r, y); context.lineTo(x, y + r); context.lineTo(x - r, y); context.closePath(); }
        context.setLineDash(group.shape === 2 ? [3, 3] : []);
        context.globalAlpha = group.shape === 0 ? 0.78 : 0.16;
        context.fillStyle = ink;
        context.fill();
        context.globalAlpha = 1;
        context.lineWidth = chosen(group.events) ? 2.5 : 1.5;
        context.strokeStyle = group.shape === 0 && !chosen(group.events) ? colour("--land") : ink;
        context.stroke();
        context.setLineDash([]);
        if (group.events.length > 1 && r > 7) {
          context.font = `600 10px ${family}`;
          context.textAlign = "center";
          context.fillStyle = group.shape === 0 ? colour("--paper") : ink;
          context.fillText(String(group.events.length), x, y + 3.5);
          context.textAlign = "left";
        }
        boxes.push([x - r, y - r, x + r, y + r]);
      }
      for (const group of groups.slice(0, 60)) {
        const [x, y] = screen(group.at);
        label(clean(group.name), x + radius(group) + 5, y + 4, `500 12px ${family}`, colour("--ink"));
      }
      for (const { at: place, size, name } of world.names) {
        if ((size / 360) * k < 46) continue;
        const [x, y] = screen(place);
        context.font = `12px ${family}`;
        label(name, x - context.measureText(name).width / 2, y, `12px ${family}`, colour("--quiet"));
      }
    }

    const near = (e) => {
      const box = canvas.getBoundingClientRect(), [x, y] = [e.clientX - box.left, e.clientY - box.top];
      let best = null, least = 8;
      for (const group of groups) {
        const [gx, gy] = screen(group.at), distance = Math.hypot(gx - x, gy - y) - radius(group);
        if (distance < least) [best, least] = [group, distance];
      }
      return best;
    };

    function zoom(by, x = width / 2, y = height / 2) {
      const [px, py] = [view.x + (x - width / 2) / view.k, view.y + (y - height / 2) / view.k];
      view.k *= by;
      limit();
      [view.x, view.y] = [px - (x - width / 2) / view.k, py - (y - height / 2) / view.k];
      limit();
      draw();
    }

    const down = new Map();
    let moved = 0;
    canvas.addEventListener("pointerdown", (e) => { down.set(e.pointerId, [e.clientX, e.clientY]); moved = 0; canvas.setPointerCapture(e.pointerId); });
    canvas.addEventListener("pointermove", (e) => {
      const before = down.get(e.pointerId);
      if (!before) {
        const group = near(e);
        canvas.classList.toggle("over", group !== null);
        tip.hidden = !group;
        if (!group) return;
        const box = canvas.getBoundingClientRect();
        tip.replaceChildren(bdi(group.name), ` · ${plural(group.events.length, "event", "events")}: ${[...new Set(group.events.map((x) => words(x.record.action.family)))].slice(0, 4).join(", ")}`);
        tip.style.left = `${Math.min(e.clientX - box.left + 14, width - 180)}px`;
        tip.style.top = `${e.clientY - box.top + 14}px`;
        return;
      }
      if (down.size === 2) {
        const [other] = [...down].filter(([id]) => id !== e.pointerId).map(([, point]) => point), box = canvas.getBoundingClientRect();
        const spread = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
        zoom(spread([e.clientX, e.clientY]) / Math.max(1, spread(before)), (e.clientX + other[0]) / 2 - box.left, (e.clientY + other[1]) / 2 - box.top);
      } else {
        view.x -= (e.clientX - before[0]) / view.k;
        view.y -= (e.clientY - before[1]) / view.k;
        limit();
        draw();
      }
      moved += Math.hypot(e.clientX - before[0], e.clientY - before[1]);
      down.set(e.pointerId, [e.clientX, e.clientY]);
    });
    const up = (e) => {
      const group = down.size === 1 && moved < 5 && e.type === "pointerup" ? near(e) : null;
      down.delete(e.pointerId);
      if (group) select(group.events[(group.events.indexOf(selected) + 1) % group.events.length]);
    };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
    // The wheel scrolls the page until the map has been given the keyboard or a modifier is held.
    canvas.addEventListener("wheel", (e) => {
      if (document.activeElement !== canvas && !e.ctrlKey && !e.metaKey) return;
      e.preventDefault();
      const box = canvas.getBoundingClientRect();
      zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0022)), e.clientX - box.left, e.clientY - box.top);
    }, { passive: false });
    canvas.addEventListener("keydown", (e) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
      if (move) { view.x += (move[0] * 60) / view.k; view.y += (move[1] * 60) / view.k; limit(); draw(); }
      else if (e.key === "+" || e.key === "=") zoom(1.5);
      else if (e.key === "-") zoom(1 / 1.5);
      else if (e.key === "0") fit(true);
      else return;
      e.preventDefault();
      e.stopPropagation();
    });
    document.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => ({ in: () => zoom(1.7), out: () => zoom(1 / 1.7), fit: () => fit(true) })[button.dataset.zoom]()));
    new ResizeObserver(() => {
      const box = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
      if (!box.width || (box.width === width && box.height === height)) return;
      [width, height] = [box.width, box.height];
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      if (fitted) draw(); else fit();
    }).observe(canvas);
    return { points, draw, ground, project };
  })();

  // --- What a name could mean -----------------------------------------------------------------

  const readings = (() => {
    const box = $("readings"), canvas = $("readings-map"), list = $("readings-list");
    let place = null, others = [], picked = 0;
    const far = (a, b) => {
      const [p, q] = [a, b].map(({ lat, lon }) => [lat, lon].map((degrees) => (degrees * Math.PI) / 180));
      const h = Math.sin((q[0] - p[0]) / 2) ** 2 + Math.cos(p[0]) * Math.cos(q[0]) * Math.sin((q[1] - p[1]) / 2) ** 2;
      return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)));
    };

    /** What speaks for a candidate, as far as the record tells it. */
    function why(candidate) {
      const facts = [{ admin1: "first order division", admin2: "second order division", admin3: "third order division" }[candidate.kind] || words(candidate.kind)];
      const said = (name) => name && place.within.find((parent) => parent.toLowerCase() === name.toLowerCase());
      if (candidate.kind === place.kind && place.kind !== "populated_place") facts.push("of the kind that the words tell");
      const parent = said(candidate.admin1) || said(candidate.country);
      if (parent) facts.push(["in ", bdi(parent), ", which the words name"]);
      const near = others.filter((other) => other.gazetteer !== candidate.gazetteer).map((other) => ({ other, km: far(candidate, other) })).sort((a, b) => a.km - b.km)[0];
      if (near && near.km < 3000) facts.push([`${Math.round(near.km).toLocaleString("en")} km from `, bdi(near.other.name), ", named here too"]);
      const same = others.filter((other) => other.country && other.country === candidate.country).length;
      if (same) facts.push(`${plural(same, "other place", "other places")} of the report in ${candidate.country}`);
      return between(facts, " · ");
    }

    function pick(index, focus) {
      picked = index;
      [...list.children].forEach((item, i) => item.firstChild.setAttribute("aria-pressed", String(i === index)));
      if (focus) list.children[index].firstChild.focus();
      draw();
    }

    function show(event, row) {
      place = event.record.where[row];
      const seen = new Map();
      for (const { record } of event.report.events) for (const other of record.where) {
        if (other.lat !== null && other.lon !== null && other.name !== place.name) seen.set(other.gazetteer || other.name, { ...other, name: other.resolved || other.name });
      }
      others = [...seen.values()].slice(0, 40);
      $("readings-h").replaceChildren("What “", bdi(place.name), "” could mean");
      $("readings-words").replaceChildren("In the text: ", bdi(place.stated || place.name));
      list.replaceChildren(...place.candidates.map((candidate, index) => h("li", {}, h("button", { type: "button", on: { click: () => pick(index), focus: () => { if (picked !== index) pick(index); } } },
        h("strong", {}, `${index + 1} `, bdi([candidate.name, candidate.admin1, candidate.country].filter(Boolean).join(", "))),
        candidate.gazetteer === place.gazetteer ? [" ", h("span", { class: "tag" }, "taken")] : "",
        h("meter", { min: 0, max: 1, value: candidate.score, title: "Share of the ranking" }), ` ${candidate.score.toFixed(2)}`,
        h("span", { class: "quiet small" }, why(candidate), ` · ${candidate.gazetteer}`)))));
      box.showModal();
      pick(Math.max(0, place.candidates.findIndex((candidate) => candidate.gazetteer === place.gazetteer)), true);
    }

    function draw() {
      if (!box.open) return;
      const { width, height } = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1, context = canvas.getContext("2d");
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const points = place.candidates.map((candidate) => map.project(candidate.lon, candidate.lat));
      const [[x0, x1], [y0, y1]] = [0, 1].map((axis) => [Math.min(...points.map((p) => p[axis])), Math.max(...points.map((p) => p[axis]))]);
      const view = { x: (x0 + x1) / 2, y: (y0 + y1) / 2, k: Math.max(width * 0.9, Math.min(60000, 0.75 * Math.min(width / Math.max(x1 - x0, 1e-6), height / Math.max(y1 - y0, 1e-6)))) };
      const style = getComputedStyle(document.documentElement), colour = (name) => style.getPropertyValue(name).trim();
      map.ground(context, { view, width, height, ratio }, colour);
      // Labels stand right of their points on a page that runs from right to left too.
      context.direction = "ltr";
      const screen = ([x, y]) => [(x - view.x) * view.k + width / 2, (y - view.y) * view.k + height / 2], family = getComputedStyle(document.body).fontFamily;
      const label = (text, x, y, gap, font) => {
        context.font = font;
        // What does not fit on the right stands on the left of its point, and hides it not.
        const room = context.measureText(text).width, left = x + gap + room <= width - 4 ? x + gap : Math.max(4, x - gap - room);
        context.lineWidth = 3;
        context.strokeStyle = colour("--land");
        context.strokeText(text, left, y);
        context.fillStyle = colour("--ink");
        context.fillText(text, left, y);
      };
      for (const other of others) {
        const [x, y] = screen(map.project(other.lon, other.lat));
        if (x < 0 || y < 0 || x > width || y > height) continue;
        context.lineWidth = 1.5;
        context.strokeStyle = colour("--quiet");
        context.strokeRect(x - 4, y - 4, 8, 8);
        label(clean(other.name), x, y + 4, 8, `11px ${family}`);
      }
      // The likeliest is drawn last but for the one that is looked at, so that neither is hidden.
      const order = points.map((_, index) => index).reverse().sort((a, b) => (a === picked) - (b === picked));
      for (const index of order) {
        const [x, y] = screen(points[index]), on = index === picked;
        context.beginPath();
        context.arc(x, y, on ? 12 : 9, 0, 2 * Math.PI);
        context.fillStyle = on ? colour("--pick") : colour("--point");
        context.fill();
        context.lineWidth = on ? 3 : 1.5;
        context.strokeStyle = on ? colour("--ink") : colour("--land");
        context.stroke();
        context.font = `700 11px ${family}`;
        context.textAlign = "center";
        context.fillStyle = colour("--paper");
        context.fillText(String(index + 1), x, y + 4);
        context.textAlign = "left";
        if (on) label(clean(place.candidates[index].name), x, y + 4, 16, `600 13px ${family}`);
      }
    }

    list.addEventListener("keydown", (e) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
      if (!step) return;
      e.preventDefault();
      pick(Math.max(0, Math.min(place.candidates.length - 1, picked + step)), true);
    });
    new ResizeObserver(draw).observe(box);
    /** Opens the readings of an event's first place that has some. */
    const first = (event) => {
      const row = event ? event.record.where.findIndex((other) => other.candidates.length) : -1;
      if (row >= 0) show(event, row);
    };
    return { show, first };
  })();

  // --- Start ----------------------------------------------------------------------------------

  document.title = page.title;
  $("title").textContent = clean(page.title);
  const totals = all.filter((event) => event.record.scope === "aggregate").length, recalled = all.filter((event) => event.record.told === "background").length;
  $("summary").textContent = [`${plural(all.length, "event", "events")} in ${plural(reports.length, "report", "reports")}`,
    totals ? plural(totals, "total", "totals") : "", recalled ? `${recalled} recalled` : "", page.made_by].filter(Boolean).join(" · ");
  $("legend").replaceChildren(...KINDS.map((kind) => h("span", {}, h("span", { class: `line ${kind}` }, kind))), h("span", {}, "point at words or at a field to see what rests on what"));
  $("tools").addEventListener("submit", (e) => e.preventDefault());
  let waiting = 0;
  $("query").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => { filter.query = $("query").value.trim().toLowerCase(); apply(); }, 120); });
  $("background").addEventListener("change", () => { filter.background = $("background").checked; apply(); });
  $("theme").addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    map.draw();
  });
  // Paper is light.
  let theme = null;
  addEventListener("beforeprint", () => { theme = document.documentElement.dataset.theme || ""; document.documentElement.dataset.theme = "light"; map.draw(); });
  addEventListener("afterprint", () => { if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme; map.draw(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.draw());
  $("help").addEventListener("click", () => $("keys").showModal());
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || $("keys").open || $("readings").open) return;
    const typing = e.target.matches("input, textarea, select");
    if (e.key === "Escape") {
      if (selected && !typing) { selected = null; if (document.activeElement) document.activeElement.blur(); mark(null); }
      else if (filter.query || filter.families.size || filter.span) { filter.query = ""; $("query").value = ""; filter.families.clear(); filter.span = null; apply(); }
      return;
    }
    if (typing) return;
    const inCard = cardOf(e.target), scrolls = e.target.closest(".text, pre");
    const keys = { j: () => step(1), k: () => step(-1), n: () => stepReport(1), p: () => stepReport(-1), c: () => readings.first(selected), "/": () => $("query").focus(), "?": () => $("keys").showModal() };
    if (inCard && !scrolls) Object.assign(keys, { ArrowDown: () => step(1), ArrowUp: () => step(-1) });
    if (inCard === e.target) keys.Enter = () => { const more = inCard.querySelector(".more"); more.open = !more.open; };
    if (!keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  });
  apply();
})();
