/* html.c - the report for people: one file without scripts or outside references.
 *
 * It is readable without its style sheet, because Jenkins forbids style sheets in pages that a build publishes. So the
 * timeline's colours are attributes, everything marked by colour is also said in words, and `color-scheme` lets the
 * browser use its own dark colours.
 *
 * The most important comes first: the verdict, why, what to do, the values; then all rules, the timeline, tables, and
 * last the data of the run.
 */
#include "html.h"

#include "chaingate/report.h"
#include "chaingate/times.h"
#include "sources.h"
#include "timeline.h"

static const char style[] =
	":root{color-scheme:light "
	"dark;--line:#d0d7de;--soft:#f6f8fa;--dim:#57606a;--page:#fff;--shade:#0003;--link:#0860ca}"
	"@media(prefers-color-scheme:dark){:root{--line:#3d444d;--soft:#1c2128;--dim:#a5b0bb;--page:#121212;--shade:#"
	"fff3;--link:#8ab4f8}}"
	"body{background:var(--page);font:16px/1.5 system-ui,sans-serif;max-width:68rem;margin:0 "
	"auto;padding:1rem;overflow-wrap:anywhere}"
	"h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.3rem;line-height:1.25;margin:2.5rem 0 "
	".5rem}h3{font-size:1rem;margin:1.5rem 0 .5rem}"
	"p{margin:.4rem "
	"0}.reason::first-letter{text-transform:uppercase}a{color:var(--link)}.help{font-weight:600}.dim{color:var(--"
	"dim)}.todo "
	"span{white-space:pre-line}"
	"code{font:.875em ui-monospace,monospace}"
	".word{display:inline-block;padding:.05rem "
	".5rem;border-radius:.3rem;color:#fff;font-weight:600;font-size:.85rem;white-space:nowrap}"
	".passed,.pass{background:#1a7431}.failed,.fail{background:#c21c28}.warn{background:#8a5a00}.open{background:#"
	"7a3fc4}.unfinished,.skip{background:#59636e}"
	".finding{border:1px solid var(--line);border-left:.3rem solid var(--line);border-radius:.4rem;padding:.2rem "
	".9rem "
	".5rem;margin:1rem 0;font-size:.95rem}.finding h3{margin:.6rem 0 .3rem}.finding .dim{font-size:.85rem}"
	".finding.f-fail{border-left-color:#c21c28}.finding.f-open{border-left-color:#7a3fc4}.finding.f-warn{border-"
	"left-color:"
	"#b87a00}"
	".items{list-style:none;margin:.5rem 0;padding:0}.items "
	"li{background:var(--soft);border-radius:.3rem;padding:.25rem .6rem;margin:.25rem 0}"
	".value{display:inline-block;margin-left:.8rem}"
	".scroll{overflow-x:auto}figure{margin:1rem 0}svg{display:block;min-width:52rem;width:100%;height:auto}"
	".names,svg.legend{display:none;min-width:0}"
	"table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:."
	"3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}"
	"th,td:not(:first-child):not(:last-child),td.when,.scroll td{overflow-wrap:normal}"
	/* On a phone, only a very long name is broken; on a screen, what is said of it has enough room beside it. */
	"td.name{min-width:5.5rem}@media screen and "
	"(max-width:47rem){table{font-size:.85rem}th,td{padding-right:.45rem}td.name{min-width:4.5rem}}"
	"@media screen and (min-width:47rem){td.name{min-width:16rem}}"
	"pre{border:1px solid "
	"var(--line);border-radius:.4rem;padding:.7rem;overflow-x:auto;font-size:.8rem;line-height:1.4;"
	"white-space:pre-wrap}"
	/* A narrow screen shows the end of the timeline, where the verdict is, and the names beside it: what is written
	 * from right to left is scrolled to from the right. */
	"@media screen and "
	"(max-width:47rem){.scroll{display:grid;direction:rtl}.scroll>svg{grid-area:1/1;direction:ltr}"
	".scroll>.names{display:block;position:sticky;left:0;justify-self:left;background:var(--page);border-right:1px "
	"solid var(--line);box-shadow:.3rem 0 .5rem "
	"var(--shade)}.scroll>.legend{display:block;grid-area:2/1;position:sticky;left:0;justify-self:left;width:"
	"21rem;margin-top:-1rem;background:var(--page)}"
	"g.legend{display:none}}"
	/* A shade at an edge shows that there is more to scroll to (on a phone, the names' shade); at the end, the
	 * page's colour covers it. */
	".scroll{background:linear-gradient(to left,var(--page),var(--page) 40%,transparent) right/2.5rem 100% "
	"no-repeat local,"
	"linear-gradient(to left,var(--shade),transparent) right/1rem 100% no-repeat scroll,var(--page)}"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;font-size:.9rem;margin:2.5rem 0 "
	"1rem;border-top:1px solid var(--line);padding-top:1rem}dt{color:var(--dim)}dd{margin:0}"
	"summary{cursor:pointer;font-weight:600;margin:1.5rem 0 .5rem}.finding summary{font-size:.85rem;margin:.4rem 0}"
	"@media "
	"print{:root{color-scheme:light;--line:#999;--soft:#fff;--dim:#444;--page:#fff;--shade:#0000;--link:#000}body{"
	"max-"
	"width:none;padding:0;font-size:10pt}svg{min-width:0}"
	"h2,h3{break-after:avoid}tr,.finding{break-inside:avoid}.word{border:1px "
	"solid;color:#000;background:none}"
	/* Paper can't be unfolded. */
	"details::details-content{display:block;content-visibility:visible;block-size:auto}}";

/* ---- a target --------------------------------------------------------------------------------------------------- */

/* "After 4m12s, at 2026-08-14 09:04:12 UTC; 51 polls, 1 error." */
static void write_when(struct xml *x, const struct report *report, const struct target_result *target)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&words, "After ");
	duration_add_clock(&words, target->at_ns);
	buf_add_string(&words, ", at ");
	add_wall(&words, report->start_wall_ns + target->at_ns);
	buf_add_string(&words, "; ");
	add_counted(&words, target->polls, "poll");
	buf_add_string(&words, ", ");
	add_counted(&words, target->misses, "error");
	buf_add_byte(&words, '.');
	if (stretch_has_gaps(&target->stretch)) {
		buf_add_string(&words, " Watched: ");
		add_stretch(&words, target);
		buf_add_byte(&words, '.');
	}
	html_buf(x, "p", "dim", &words);
}

/* Links to the console's pages of the last selected deployments. */
static void write_console(struct xml *x, const struct report *report, const struct target_result *target)
{
	bool any = false;
	for (size_t i = 0; i < target->lane_count; i++) {
		const char *address = console_address(&x->arena, report, target, &target->lanes[i]);
		if (target->lanes[i].chainlet.length || !address)
			continue;
		struct buf words = buf_make(BUF_LIMIT_REPORT);
		if (!any)
			xml_open(x, "p");
		xml_text(x, any ? ", " : "In the console: ");
		buf_add_string(&words, "deployment ");
		text_add_printable(&words, target->lanes[i].deployment);
		html_link(x, address, buf_string(&words));
		buf_release(&words);
		any = true;
	}
	if (any)
		xml_close(x);
}

static const char *verdict_class(const struct target_result *target)
{
	return target->verdict == VERDICT_PASSED ? "passed" : "failed";
}

/* The verdict of a run's only target is the run's. */
static void write_verdict(struct xml *x, const struct report *report, const struct target_result *target)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	bool is_lost = is_unreported(report) && report->gate->target_count == 1;
	buf_printf(&words, "%s%s", verdict_name(target->verdict), is_lost ? unreported_words(report) : "");
	html_word(x, is_lost ? "failed" : verdict_class(target), buf_string(&words));
	buf_release(&words);
}

static void write_target(struct xml *x, const struct report *report, size_t index)
{
	const struct target_result *target = &report->gate->targets[index];
	struct buf reason = buf_make(BUF_LIMIT_REPORT);
	xml_open(x, "section");
	xml_attribute(x, "id", "target-%zu", index);
	xml_open(x, report->gate->target_count == 1 ? "h1" : "h2");
	write_verdict(x, report, target);
	xml_text(x, " ");
	html_text(x, "span", NULL, target->target->name);
	xml_close(x);
	verdict_reason(&reason, target, report->gate);
	buf_add_byte(&reason, '.');
	html_buf(x, "p", "reason", &reason);
	if (verdict_remedy(target))
		xml_element(x, "p", "help", verdict_remedy(target));
	write_when(x, report, target);
	write_console(x, report, target);
	html_rules(x, report, target);
	/* The timeline comes after the reason and the rules, because with 200 chainlets it fills several screens,
	 * unless it is folded. */
	html_begin_fold(x, "Timeline", html_timeline_is_open(report, index));
	xml_open(x, "figure");
	xml_attribute(x, "class", "scroll");
	xml_attribute(x, "tabindex", "0"); /* makes the scrolling area reachable by keyboard */
	timeline_write(x, report, index, index);
	xml_close(x);
	xml_close(x);
	html_lanes(x, report, index);
	html_events(x, report, index);
	xml_close(x);
}

/* The first rule that failed: its name, and what it says. */
static void add_first_failed(struct buf *buf, struct arena *arena, const struct target_result *target)
{
	const size_t *order = rules_by_need(arena, target);
	const struct rule_result *rule = target->target->rule_count ? &target->rules[order[0]] : NULL;
	if (!rule || rule_mark(target, rule) != MARK_FAIL)
		return;
	buf_add_string(buf, ": ");
	text_add_printable(buf, rule->rule->name);
	buf_add_string(buf, " (");
	add_sentence(buf, target, rule);
	buf_add_byte(buf, ')');
}

/* Each target with its verdict and why, and a link to its section. */
static void write_overview(struct xml *x, const struct report *report, const size_t *order)
{
	static const char *const heads[] = {"Verdict", "Target", "Why", NULL};
	html_begin_table(x, heads);
	for (size_t i = 0; i < report->gate->target_count; i++) {
		const struct target_result *target = &report->gate->targets[order[i]];
		struct buf name = buf_make(BUF_LIMIT_REPORT), reason = buf_make(BUF_LIMIT_REPORT), to = buf_make(100);
		xml_open(x, "tr");
		xml_open(x, "td");
		html_word(x, verdict_class(target), verdict_name(target->verdict));
		xml_close(x);
		xml_open(x, "td");
		xml_attribute(x, "class", "name");
		add_target_name(&name, target->target);
		buf_printf(&to, "#target-%zu", order[i]);
		html_link(x, buf_string(&to), buf_string(&name));
		xml_close(x);
		verdict_reason(&reason, target, report->gate);
		add_first_failed(&reason, &x->arena, target);
		html_buf(x, "td", "reason", &reason);
		xml_close(x);
		buf_release(&name);
		buf_release(&to);
	}
	html_end_table(x);
}

/* ---- the page --------------------------------------------------------------------------------------------------- */

static void write_fact(struct xml *x, const char *what, struct text text)
{
	if (!text.length)
		return;
	xml_element(x, "dt", NULL, what);
	html_text(x, "dd", NULL, text);
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
	add_wall(&words, report->start_wall_ns);
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
	html_buf(x, "title", NULL, &heading);
	xml_open(x, "style");
	xml_raw(x, style);
	xml_close(x);
	xml_close(x);
}

/* Why nothing was polled. */
static void write_problem(struct xml *x, const struct report *report)
{
	html_text(x, "p", "reason", text_of(report->problem ? report->problem : "nothing was polled"));
}

/* Writes all mistakes; if the gate ran, these are only warnings. */
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
	if (!report->gate || report->gate->target_count > 1) {
		add_heading(&heading, report);
		html_buf(&x, "h1", NULL, &heading);
	}
	if (!report->gate)
		write_problem(&x, report);
	const size_t *order = report->gate ? targets_by_need(&x.arena, report->gate) : NULL;
	if (report->gate && report->gate->target_count > 1)
		write_overview(&x, report, order);
	for (size_t i = 0; report->gate && i < report->gate->target_count; i++)
		write_target(&x, report, order[i]);
	write_problems(&x, report);
	write_facts(&x, report);
	xml_close(&x);
	xml_close(&x);
	xml_close(&x);
	return xml_finish(&x, out);
}
