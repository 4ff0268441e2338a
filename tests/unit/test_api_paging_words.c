/* test_api_paging_words.c - the words about pages: where each is believed, and that headers with them come through. */
#include "../../src/api/paging.h"
#include "../../src/net/headers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* These can only be about pages, so they are believed in an object of any name: {"data": {"has_more": true}}. */
static const char of_pages_alone[] =
	"continuationtoken cursors exceededtransferlimit hasadditionalpages hasmore hasmoreitems hasmorepages "
	"hasmoreresults "
	"hasnextpage hasnextpages haspreviouspage hasprevpage incompleteresults isfirstpage islastpage "
	"istruncated itemsperpage lastevaluatedkey moreavailable moredataavailable moreitems moreresults "
	"nextcursor nextcursormark nextlink nextmarker nextpage nextpagecursor nextpagelink nextpagetoken "
	"nextpageurl nextstartingafter nexttoken odatacount odatanextlink pageable pagedata pageinfo pagemeta pager "
	"pagesize "
	"pagination paginationdata paginationinfo paginationmeta paginationmetadata paginationtoken paginator paging "
	"pagingdata "
	"paginginfo pagingmetadata pagingtoken perpage previouspage previouspagetoken previouspageurl prevpage "
	"prevpagetoken "
	"prevpageurl remainingitemcount scrollid skiptoken totalcount totalelements totalhits totalitems totalpages "
	"totalrecords totalresults";

/* These may be about something else in an object of another name: {"usage": {"total": 57}}, {"build": {"done": false}}. */
static const char of_anything[] =
	"after aftercursor atend bookmark complete completed continuation continue count counts current "
	"currentoffset currentpage currentpageindex currentpagenumber cursor cursorafter cursornext done end "
	"endcursor endingbefore endoflist endofresults entrycount eof error errors exclusivestartkey exhausted "
	"failedlocations "
	"failures final finished first firstindex firstitem firstpage from fromindex fullcount grandtotal "
	"hasadditional hasadditionalitems hasadditionalresults hasless hasmoredata hasmoreentries hasmorelinks "
	"hasmorerecords hasmorerows hasnext hasnextcursor hasnextlink hasprev hasprevious hitcount hits "
	"incomplete index iscomplete isdone isend iseof isfinal isfirst islast ismore ispaginated ispartial "
	"ispartialresult itemcount itemscount itemsremaining last lastpage lastpageindex lastpagenumber limit "
	"limitperpage limitreached link links listmeta loadmore marker maxpagesize maxresults meta metadata more "
	"moredata "
	"moreentries morepages morerecords morerows navigation next nexthref nextid nextkey nextoffset nexturi "
	"nexturl number numberof numberofpages numfound numitems numpages numrecords numresults numtotal "
	"objectcount offset omittedcount order orderby page pagecount pagecounttotal pagecursor pageindex pageitems "
	"pagelimit "
	"pageno pagenum pagenumber pageoffset pages pagestate pagestotal pagetoken pagetotal paginated pagingmeta "
	"pagingstate partial partialerror partialerrors partialfailure partialfailures partialresult "
	"partialresults perpagecount prev prevcursor previous previouscursor previouslink previoustoken "
	"previousuri previousurl prevlink prevtoken prevuri prevurl recordcount recordscount recordsperpage "
	"remaining remainingcount remainingitems remainingrecords remainingresults resourcecount responsemetadata "
	"result resultcount resultinfo results resultscount resultsperpage resultsremaining resultstruncated "
	"resulttruncated resumptiontoken rowcount rowsperpage scroll searchafter self size skip skipped sort sortby "
	"start startat "
	"startfrom startindex startingafter startingindex startitem startoffset startpage startposition startrecord "
	"startrow "
	"thispage timedout took total totalavailable totalentries totalentrycount totalhitcount totalitemcount "
	"totalmatches totalmatching totalnum totalnumber totalobjects totalpage totalpagecount totalrecordcount "
	"totalresources totalresultcount totalrows totals totalsize truncated unreachable view warning warnings "
	"wastruncated";

/* The next of the words, from *at on. Empty at the end. */
static struct text next_word(const char **at)
{
	struct text word = {*at, strcspn(*at, " ")};
	*at += word.length;
	*at += strspn(*at, " ");
	return word;
}

/* A header whose name has a word comes through, unless it says nothing in a header. X-Hits is a cache's count, and too
 * many other names have "end" in them. */
static bool is_of_headers(struct text word, enum paging_word found)
{
	return found != PAGING_FAULT && found != PAGING_ASIDE && !text_is(word, "hits") && !text_is(word, "end");
}

/* A key means the same if a letter of it is written as an escape. */
static void check_escaped(struct text word, enum paging_word expected, bool is_sure)
{
	char written[64];
	bool is_sure_again = !is_sure;
	snprintf(written, sizeof written, "\\u%04x%.*s", (unsigned)word.bytes[0], (int)word.length - 1, word.bytes + 1);
	struct json_value key = {.raw = text_of(written), .has_escapes = true};
	assert_int_equal(paging_word_of(&key, NULL, &is_sure_again), expected);
	assert_int_equal(is_sure_again, is_sure);
}

static void check(const char *words, bool is_of_pages_alone)
{
	for (struct text word; (word = next_word(&words)).length;) {
		char name[64];
		bool is_sure = !is_of_pages_alone;
		enum paging_word found = paging_word_of_name(word, NULL, &is_sure);
		if (found == PAGING_OTHER || is_sure != is_of_pages_alone)
			fail_msg("%.*s", TEXT_ARG(word));
		snprintf(name, sizeof name, "X-%.*s", TEXT_ARG(word));
		check_escaped(word, found, is_sure);
		if (is_of_headers(word, found) && !header_is_passed_on(text_of(name)))
			fail_msg("%s doesn't come through", name);
	}
}

/* The table of words is sorted, so that each is found. */
static void each_word_is_found(void **state)
{
	(void)state;
	check(of_pages_alone, true);
	check(of_anything, false);
}

static void other_words_are_not_found(void **state)
{
	static const char *const nothing[] = {
		"", "a", "abc", "zzzz", "size1", "nexturll", "hasmoreresultsx", "abcdefghijklmnopqrstuvwxyz"};
	(void)state;
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
		bool is_sure = true;
		if (paging_word_of_name(text_of(nothing[i]), NULL, &is_sure) != PAGING_OTHER || is_sure)
			fail_msg("%s", nothing[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_is_found),
		cmocka_unit_test(other_words_are_not_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
