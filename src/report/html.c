/* html.c - the report for people: one file without scripts or outside references.
 *
 * It reads without its style sheet, too: Jenkins forbids these in what builds publish. So colours of the timeline are attributes, what is marked by colour is
 * said in words, and `color-scheme` lets the browser's own colours be dark.
 */
#include "chaingate/report.h"

#include "chaingate/times.h"
#include "sources.h"
#include "timeline.h"
#include "words.h"
#include "xml.h"

#include <inttypes.h>

/* Rows of what happened: more are counted. A run of a day with 200 chainlets has fewer. */
#define EVENTS_SHOWN_MAX 5000
/* Columns of evidence, as on a terminal. */
#define EVIDENCE_COLUMNS 100

static const char style[] =
	":root{color-scheme:light dark;--line:#d0d7de;--soft:#f6f8fa;--dim:#57606a;--page:#fff;--shade:#0003}"
	"@media(prefers-color-scheme:dark){:root{--line:#3d444d;--soft:#1c2128;--dim:#a5b0bb;--page:#121212;--shade:#"
	"fff3}}"
	"body{background:var(--page);font:16px/1.5 system-ui,sans-serif;max-width:68rem;margin:0 "
	"auto;padding:1rem;overflow-wrap:anywhere}"
	"h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 "
	".5rem}h3{font-size:1rem;margin:1.5rem 0 .5rem}"
	"p{margin:.5rem 0}.help,.dim{color:var(--dim)}"
	".word{display:inline-block;padding:.05rem "
	".5rem;border-radius:.3rem;color:#fff;font-weight:600;font-size:.85rem;white-space:nowrap}"
	".passed,.pass{background:#1a7431}.failed,.fail{background:#c21c28}.warn{background:#8a5a00}.open{background:#"
	"7a3fc4}.skip{background:#59636e}"
	".scroll{overflow-x:auto}figure{margin:1rem 0}svg{display:block;min-width:45rem;width:100%;height:auto}"
	"table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:."
	"3rem .6rem;border-bottom:1px solid var(--line)}"
	"td:first-child,th:first-child{white-space:nowrap;overflow-wrap:normal}td{min-width:4rem}.scroll td,.scroll "
	"th{overflow-wrap:normal}"
	"pre{border:1px solid "
	"var(--line);border-radius:.4rem;padding:.7rem;overflow-x:auto;font-size:.8rem;line-height:1.4;"
	"overflow-wrap:normal}"
	/* A shade at the edge behind which there is more to scroll to; at the end the page covers it. */
	".scroll,pre{background:linear-gradient(to left,var(--under),var(--under) 40%,transparent) right/2.5rem 100% "
	"no-repeat local,"
	"linear-gradient(to left,var(--shade),transparent) right/1rem 100% no-repeat "
	"scroll,var(--under)}.scroll{--under:var(--page)}pre{--under:var(--soft)}"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;font-size:.9rem;margin:1rem "
	"0}dt{color:var(--dim)}dd{margin:0}"
	"summary{cursor:pointer;font-weight:600;margin:1.5rem 0 .5rem}"
	"@media(min-width:60rem){pre{white-space:pre-wrap}}"
	"@media "
	"print{:root{color-scheme:light;--line:#999;--soft:#fff;--dim:#444;--page:#fff;--shade:#0000}body{max-width:"
	"none;padding:0;font-size:10pt}svg{min-width:0}"
	"pre{white-space:pre-wrap}h2,h3{break-after:avoid}tr{break-inside:avoid}.word{border:1px "
	"solid;color:#000;background:none}}";

/* ---- pieces ----------------------------------------------------------------------------------------------------- */

static const char *printable(struct xml *x, struct text text)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&buf, text);
	const char *kept = arena_text(&x->arena, buf_text(&buf)).bytes;
	buf_release(&buf);
	return kept;
}

static void write_text(struct xml *x, const char *element, const char *css_class, struct text text)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&buf, text);
	xml_element(x, element, css_class, buf_string(&buf));
	buf_release(&buf);
}

static void write_buf(struct xml *x, const char *element, const char *css_class, struct buf *buf)
{
	xml_element(x, element, css_class, buf_string(buf));
	x->failed |= buf->overflowed;
	buf_release(buf);
}

static void write_clock(struct xml *x, const char *element, int64_t ns)
{
	struct buf buf = buf_make(64);
	duration_add_clock(&buf, ns);
	write_buf(x, element, NULL, &buf);
}

static void write_heads(struct xml *x, const char *const *heads)
{
	xml_open(x, "tr");
	for (; *heads; heads++) {
		xml_open(x, "th");
		xml_attribute(x, "scope", "col");
		xml_text(x, *heads);
		xml_close(x);
	}
	xml_close(x);
}

/* A word on its colour. */
static void write_word(struct xml *x, const char *css_class, const char *word)
{
	xml_open(x, "span");
	xml_attribute(x, "class", "word %s", css_class);
	xml_text(x, word);
	xml_close(x);
}

static const struct {
	const char *css_class, *word;
} marks[] = {
	[MARK_PASS] = {"pass", "pass"},    [MARK_FAIL] = {"fail", "fail"},    [MARK_WARN] = {"warn", "warning"},
	[MARK_UNKNOWN] = {"open", "open"}, [MARK_SKIP] = {"skip", "skipped"},
};

/* ---- a target --------------------------------------------------------------------------------------------------- */

static void write_rules(struct xml *x, const struct target_result *target)
{
	static const char *const heads[] = {"Outcome", "Rule", "Where", NULL};
	xml_element(x, "h3", NULL, "Rules");
	xml_open(x, "div");
	xml_attribute(x, "class", "scroll");
	xml_open(x, "table");
	write_heads(x, heads);
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[i];
		xml_open(x, "tr");
		xml_open(x, "td");
		write_word(x, marks[rule_mark(rule)].css_class, marks[rule_mark(rule)].word);
		xml_close(x);
		write_text(x, "td", NULL, rule->rule->name);
		struct buf place = buf_make(BUF_LIMIT_REPORT);
		text_add_printable(&place, text_of(rule->rule->source->name));
		buf_printf(&place, ":%zu", rule->rule->line);
		write_buf(x, "td", "dim", &place);
		xml_close(x);
	}
	xml_close(x);
	xml_close(x);
}

/* Of every rule that isn't a plain pass: its line with the values under it, what else was seen, what to do. */
static void write_evidence(struct xml *x, const struct target_result *target)
{
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[i];
		enum rule_mark mark = rule_mark(rule);
		if (mark == MARK_PASS || !rule->judged)
			continue;
		struct buf evidence = buf_make(BUF_LIMIT_REPORT);
		xml_open(x, "h3");
		write_word(x, marks[mark].css_class, marks[mark].word);
		xml_text(x, " ");
		xml_text(x, printable(x, rule->rule->name));
		xml_close(x);
		add_evidence(&evidence, rule, EVIDENCE_COLUMNS, DIAG_PLAIN);
		xml_open(x, "pre");
		xml_attribute(x, "tabindex", "0"); /* what scrolls can be reached by keys */
		xml_text_buf(x, &evidence);
		xml_close(x);
	}
}

static void write_lane(struct xml *x, const struct gate_lane *lane, int64_t now_ns)
{
	struct buf replicas = buf_make(BUF_LIMIT_REPORT);
	xml_open(x, "tr");
	write_text(x, "td", NULL, lane->deployment);
	write_text(x, "td", NULL, lane->chainlet);
	write_text(x, "td", NULL, lane->status_word);
	write_clock(x, "td", now_ns - lane->since_ns);
	if (lane->chainlet.length && lane->min_replica.present)
		buf_printf(&replicas, "%" PRId64 " of at least %" PRId64, lane->active_replica_count,
			   lane->min_replica.value);
	else if (lane->chainlet.length)
		buf_printf(&replicas, "%" PRId64, lane->active_replica_count);
	write_buf(x, "td", NULL, &replicas);
	xml_close(x);
}

static void write_lanes(struct xml *x, const struct target_result *target)
{
	static const char *const heads[] = {"Deployment", "Chainlet", "Status", "For", "Replicas", NULL};
	if (!target->lane_count)
		return;
	xml_element(x, "h3", NULL, "At the end");
	xml_open(x, "div");
	xml_attribute(x, "class", "scroll");
	xml_open(x, "table");
	write_heads(x, heads);
	for (size_t i = 0; i < target->lane_count; i++)
		write_lane(x, &target->lanes[i], target->at_ns);
	xml_close(x);
	xml_close(x);
}

static void write_events(struct xml *x, const struct report *report, size_t index)
{
	static const char *const heads[] = {"Time", "What happened", NULL};
	size_t count = 0, shown = 0;
	for (size_t i = 0; i < report->event_count; i++)
		count += report->events[i].target == index;
	xml_open(x, "details");
	xml_attribute(x, "open", "open");
	xml_open(x, "summary");
	xml_text(x, "What happened");
	xml_close(x);
	xml_open(x, "table");
	write_heads(x, heads);
	for (size_t i = 0; i < report->event_count && shown < EVENTS_SHOWN_MAX; i++) {
		struct buf words = buf_make(BUF_LIMIT_REPORT);
		if (report->events[i].target != index)
			continue;
		shown++;
		xml_open(x, "tr");
		write_clock(x, "td", report->events[i].at_ns);
		add_event(&words, &report->gate->targets[index], &report->events[i]);
		write_buf(x, "td", NULL, &words);
		xml_close(x);
	}
	xml_close(x);
	if (shown < count) {
		struct buf more = buf_make(100);
		buf_printf(&more, "\u2026 and %zu more", count - shown);
		write_buf(x, "p", "dim", &more);
	}
	xml_close(x);
}

static void write_target(struct xml *x, const struct report *report, size_t index)
{
	const struct target_result *target = &report->gate->targets[index];
	struct buf reason = buf_make(BUF_LIMIT_REPORT);
	xml_open(x, "section");
	xml_open(x, "h2");
	write_word(x, target->verdict == VERDICT_PASSED ? "passed" : "failed", verdict_name(target->verdict));
	xml_text(x, " ");
	xml_text(x, printable(x, target->target->name));
	xml_close(x);
	verdict_reason(&reason, target, report->gate);
	write_buf(x, "p", NULL, &reason);
	if (verdict_remedy(target))
		xml_element(x, "p", "help", verdict_remedy(target));
	write_rules(x, target);
	write_evidence(x, target);
	/* After what is asked first: of 200 chainlets it fills several screens. */
	xml_element(x, "h3", NULL, "Timeline");
	xml_open(x, "figure");
	xml_attribute(x, "class", "scroll");
	xml_attribute(x, "tabindex", "0");
	timeline_write(x, report, index, index);
	xml_close(x);
	write_lanes(x, target);
	write_events(x, report, index);
	xml_close(x);
}

/* ---- the page --------------------------------------------------------------------------------------------------- */

static void write_fact(struct xml *x, const char *what, struct text text)
{
	if (!text.length)
		return;
	xml_element(x, "dt", NULL, what);
	write_text(x, "dd", NULL, text);
}

static void write_policies(struct xml *x, const struct report *report)
{
	const struct source *const *sources;
	size_t count = report->gate ? sources_of_rules(&x->arena, report->gate, &sources) : 0;
	for (size_t i = 0; i < count; i++)
		write_fact(x, "Policy", text_of(sources[i]->name));
	if (count == 0)
		write_fact(x, "Policy", text_of(report->policy_path));
}

static void write_facts(struct xml *x, const struct report *report)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	xml_open(x, "dl");
	write_policies(x, report);
	moment_add(&words, report->start_wall_ns, false);
	write_fact(x, "Started", buf_text(&words));
	buf_clear(&words);
	duration_add_clock(&words, report->took_ns);
	write_fact(x, "Took", buf_text(&words));
	buf_clear(&words);
	if (report->is_unfinished)
		buf_add_string(&words, "none yet");
	else
		buf_printf(&words, "%d", (int)report->exit);
	write_fact(x, "Exit code", buf_text(&words));
	buf_clear(&words);
	write_fact(x, "API", report->api_url ? text_of(report->api_url) : (struct text){0});
	write_fact(x, "Host", text_of(report->host_name));
	buf_printf(&words, "chaingate %s", report->tool_version);
	write_fact(x, "Made by", buf_text(&words));
	buf_release(&words);
	xml_close(x);
}

static void write_head(struct xml *x, const struct report *report)
{
	struct buf heading = buf_make(BUF_LIMIT_REPORT);
	xml_open(x, "head");
	xml_open(x, "meta");
	xml_attribute(x, "charset", "utf-8");
	xml_close_void(x);
	xml_open(x, "meta");
	xml_attribute(x, "name", "viewport");
	xml_attribute(x, "content", "width=device-width, initial-scale=1");
	xml_close_void(x);
	xml_open(x, "meta");
	xml_attribute(x, "name", "color-scheme");
	xml_attribute(x, "content", "light dark");
	xml_close_void(x);
	add_heading(&heading, report);
	buf_add_string(&heading, " - chaingate");
	write_buf(x, "title", NULL, &heading);
	xml_open(x, "style");
	xml_raw(x, style);
	xml_close(x);
	xml_close(x);
}

/* Nothing was polled: why. */
static void write_problem(struct xml *x, const struct report *report)
{
	write_text(x, "p", NULL, text_of(report->problem ? report->problem : "nothing was polled"));
}

/* All mistakes, or what is suspicious though it was judged. */
static void write_problems(struct xml *x, const struct report *report)
{
	if (!has_problems(report))
		return;
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	add_problems(&lines, report);
	if (report->gate)
		xml_element(x, "h2", NULL, "About the policy");
	xml_open(x, "pre");
	xml_attribute(x, "tabindex", "0");
	xml_text_buf(x, &lines);
	xml_close(x);
}

bool report_html(struct buf *out, const struct report *report)
{
	struct buf heading = buf_make(BUF_LIMIT_REPORT);
	struct xml x;
	xml_begin(&x, true);
	xml_open(&x, "html");
	xml_attribute(&x, "lang", "en");
	write_head(&x, report);
	xml_open(&x, "body");
	xml_open(&x, "main");
	add_heading(&heading, report);
	write_buf(&x, "h1", NULL, &heading);
	write_facts(&x, report);
	if (!report->gate)
		write_problem(&x, report);
	const size_t *order = report->gate ? targets_by_need(&x.arena, report->gate) : NULL;
	for (size_t i = 0; report->gate && i < report->gate->target_count; i++)
		write_target(&x, report, order[i]);
	write_problems(&x, report);
	xml_close(&x);
	xml_close(&x);
	xml_close(&x);
	return xml_finish(&x, out);
}
