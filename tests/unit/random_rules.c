/* random_rules.c - see random_rules.h. */
#include "random_rules.h"

#include "chaingate/buf.h"
#include "random.h"

#include <stdio.h>
#include <string.h>

/* Longest phrase: three phrases, a quantifier and its words must fit RULE_BYTES_MAX. */
#define PHRASE_BYTES_MAX 1000
/* Deepest phrase: deeper ones are too long to be useful. */
#define PHRASE_DEPTH_MAX 4

/* `@x` is any production of x; `;` separates alternatives. `~c`, `~d` and `~b` enter an aggregate over chainlets,
 * deployments or baseline chainlets, `~.` leaves it. */
static const struct production {
	char symbol;
	unsigned flags;
	const char *words;
} grammar[] = {
	/* conditions, by rank */
	{'E', 0, "@A;@A;@A;@A"},
	{'E', DEEP, "@A or @A;@A or @A or @A"},
	{'A', 0, "@T;@T;@T;@T"},
	{'A', DEEP, "@T and @T;@T and @T and @T"},
	{'T', 0, "@C;@C;@C;@C;@C;@C"},
	{'T', DEEP, "not @T"},
	{'C', 0, "@N @o @N;@N @o @N;@N @o @N;@N @o @N;@N in [@i, @h, -@i];@N not in [$n, @i];false"},
	{'C', 0, "@D @o @D;@D @o @D;@D in [@l, @l, $delay]"},
	{'C', PARTIAL, "@u / @u @o 25%;@u / @u in [20%, 50%, $share]"},
	{'C', ITEM, "@f @o @j;@f @o @j;-(@j) @o @f;@f not in [@j, -@j];@m @o @m"},
	{'C', TARGET | PARTIAL, "@m @o @m"},
	{'C', ITEM, "@z @e @s;@z @e @s;@z @e @s;@a @e @z;@z in @S;@z in @S;@z not in @S"},
	{'C', ITEM, "@t @e @x;@t @e @x;@t in [@c, @c];@t not in [@c, $who];@t like @g;@t not like @g"},
	{'C', ITEM, "@t matches @r;@t not matches @r"},
	{'C', ITEM, "deployment.environment.promoting;deployment.environment.redeploys == (@E)"},
	{'C', ITEM | JUDGED_SCOPE, "baseline.deployment.environment.promoting"},
	{'C', DEPLOYMENT, "environment.promoting;environment.redeploys"},
	{'C', DEEP, "(@E);(@E);(@E) @e (@E);(@E) != true;true == (@E)"},
	{'C', CHAINLET | JUDGED_SCOPE | NEWNESS, "new;chainlet.new;new == (@E)"},
	{'C', CHAINLET | BASELINE_SCOPE, "missing;missing;missing;chainlet.missing;(@E) != missing"},
	{'C', ITEM | NULL_TEST, "@k is null;@k is null;@k is not null;@k is not null"},
	/* bodies that aren't expressions */
	{'b', 0, "@a;@a;not @a;@K;not @K;in @S;not in @S"},
	/* numbers */
	{'N', 0, "@P;@P;@P;@P;@P;@P"},
	{'N', DEEP, "@P + @P;@P - @P;@P - @P + @P"},
	{'P', 0, "@u;@u;@u;@u;@u;@u"},
	{'P', DEEP, "@u * @u;@u * 20%;$share * @u"},
	{'P', DEEP | PARTIAL, "@u / @u;@v / @v"},
	{'u', 0, "@q;@q;@q;@q;@q;@q;@q;@q"},
	{'u', DEEP, "-@u"},
	{'q', 0, "@i;@i;@i;@i;@h;$n"},
	{'q', CHAINLET, "@n;@n;@n;@n;@n;@n;@n;@n;@n;@n;@n;@n"},
	{'q', DEEP, "(@N)"},
	{'q', AGGREGATE, "count(~cchainlets~.);count(~ddeployments~.);sum(~c@N of chainlets~.)"},
	{'q', AGGREGATE | DEEP,
	 "count(~cchainlets where @E~.);count(~ddeployments where @E~.);sum(~c@N of chainlets where @E~.)"},
	{'q', AGGREGATE | BASELINE_SIDE, "count(~bbaseline chainlets~.)"},
	{'q', AGGREGATE | BASELINE_SIDE | DEEP,
	 "count(~bbaseline chainlets where @E~.);sum(~b@N of baseline chainlets where @C~.)"},
	{'q', AGGREGATE | PARTIAL, "min(~c@N of chainlets~.);max(~c@N of chainlets where @C~.)"},
	{'n', CHAINLET, "min_replica;min_replica;min_replica;max_replica;active_replica_count;active_replica_count"},
	{'n', CHAINLET,
	 "chainlet.active_replica_count;autoscaling_settings.max_replica;chainlet.autoscaling_settings.concurrency_"
	 "target"},
	{'n', CHAINLET, "target_utilization_percentage;target_in_flight_tokens;max_scale_down_rate"},
	{'n', CHAINLET | BASELINE_SCOPE,
	 "counterpart.min_replica;counterpart.active_replica_count;counterpart.autoscaling_settings.max_scale_down_"
	 "rate"},
	{'n', CHAINLET | JUDGED_SCOPE,
	 "baseline.min_replica;baseline.active_replica_count;baseline.autoscaling_settings.max_scale_down_rate"},
	{'i', 0, "0;0;0;1;1;1;2;2;3;70"},
	{'i', EXTREME, "9223372036854775807"},
	{'h', 0, "0.5;2.50"},
	/* durations, and whole seconds that are compared with a field */
	{'D', 0, "@y;@y;@y;@y;@y;@y"},
	{'D', DEEP, "@y + @y;@y - @y"},
	{'D', DEEP | ITEM, "@m - @m"},
	{'D', DEEP | TARGET | PARTIAL, "@m - @m"},
	{'y', 0, "@v;@v;@v;@v;@v;@v"},
	{'y', DEEP, "@v * @q;@q * @v"},
	{'y', DEEP | PARTIAL, "@v / @q"},
	{'v', 0, "@w;@w;@w;@w;@w;@w;@w;@w"},
	{'v', DEEP, "-@v"},
	{'w', 0, "@l;@l;$delay"},
	{'w', ITEM, "@f;@f;@f;@f;@f"},
	{'w', DEEP, "(@D)"},
	{'w', AGGREGATE, "sum(~cautoscaling_window of chainlets~.)"},
	{'w', AGGREGATE | DEEP, "sum(~d@D of deployments where @E~.)"},
	{'w', AGGREGATE | PARTIAL, "min(~d@D of deployments~.);max(~c@D of chainlets where @C~.)"},
	{'l', 0, "0s;60s;5m;1h30m;500ms"},
	{'j', 0, "0;60;300"},
	{'f', ITEM, "deployment.status_for;deployment.age"},
	{'f', ITEM | JUDGED_SCOPE, "baseline.deployment.age"},
	{'f', ITEM | AMBIGUOUS, "status_for"},
	{'f', CHAINLET,
	 "autoscaling_window;autoscaling_window;autoscaling_settings.scale_down_delay;chainlet.status_for"},
	{'f', CHAINLET | JUDGED_SCOPE, "baseline.scale_down_delay;baseline.status_for"},
	{'f', CHAINLET | BASELINE_SCOPE, "counterpart.scale_down_delay;counterpart.status_for"},
	{'f', DEPLOYMENT, "age"},
	/* times */
	{'m', ITEM, "deployment.created_at;deployment.created_at"},
	{'m', ITEM | JUDGED_SCOPE, "baseline.deployment.created_at"},
	{'m', DEPLOYMENT, "created_at"},
	{'m', AGGREGATE | PARTIAL, "max(~dcreated_at of deployments~.);min(~cdeployment.created_at of chainlets~.)"},
	/* statuses */
	{'z', ITEM, "deployment.status;deployment.status"},
	{'z', ITEM | JUDGED_SCOPE, "baseline.deployment.status"},
	{'z', ITEM | AMBIGUOUS, "status;status;status"},
	{'z', CHAINLET, "chainlet.status;chainlet.status"},
	{'z', CHAINLET | JUDGED_SCOPE, "baseline.status"},
	{'z', CHAINLET | BASELINE_SCOPE, "counterpart.status"},
	{'s', 0, "@a;@a;@a;@a;$wanted;@z"},
	{'a', 0, "ACTIVE;ACTIVE;ACTIVE;FAILED;FAILED;BUILDING;SCALED_TO_ZERO;BUILD_FAILED"},
	{'S', 0, "[@a];[@a, @a];[$wanted, @a];@K;@K;@K"},
	{'K', 0, "ready;ready;failed;failed;in_progress;idle;unhealthy"},
	/* texts */
	{'t', ITEM, "deployment.environment;deployment.environment;deployment.id"},
	{'t', ITEM | JUDGED_SCOPE, "baseline.deployment.environment"},
	{'t', ITEM | AMBIGUOUS, "id"},
	{'t', CHAINLET, "name;name;name;instance_type_name;chainlet.id"},
	{'t', CHAINLET | JUDGED_SCOPE, "baseline.name;baseline.instance_type_name"},
	{'t', CHAINLET | BASELINE_SCOPE, "counterpart.instance_type_name"},
	{'t', DEPLOYMENT, "environment;chain_id"},
	{'t', ITEM | PARTIAL, "deployment.label.team;deployment.label.\"a team's\""},
	{'t', ITEM | PARTIAL | JUDGED_SCOPE, "baseline.deployment.label.in"},
	{'t', DEPLOYMENT | PARTIAL, "label.team;label.\"1\""},
	{'x', 0, "@c;@c;@t;$who"},
	{'c', 0, "\"Gate\";\"Gate\";'Router';\"staging\";'d0';\"n\\u{fc}l\\n\\\"\\\\\""},
	{'g', 0, "\"R*\";'?[a-o]*';\"*[!r]\";$glob"},
	{'r', 0, "\"^R\";'er$';\"^[A-H].{2,3}$|[0-9]\\\\.\""},
	/* fields */
	{'k', ITEM, "@f;@f;@t;@t;@z;deployment.created_at"},
	{'k', CHAINLET, "@n;@n;autoscaling_settings"},
	{'k', CHAINLET | JUDGED_SCOPE, "baseline.autoscaling_settings"},
	{'k', CHAINLET | BASELINE_SCOPE, "counterpart.autoscaling_settings"},
	/* operators */
	{'e', 0, "==;==;!="},
	{'o', 0, "@e;@e;<;<=;>;>=;>="},
};

/* Most alternatives of a production. */
#define ALTERNATIVES_MAX 16

static size_t uses[COUNT_OF(grammar)][ALTERNATIVES_MAX];

static const char *next_alternative(const char *words)
{
	const char *end = strchr(words, ';');
	return end ? end + 1 : NULL;
}

static void count_use(size_t production, const char *chosen)
{
	size_t number = 0;
	for (const char *words = grammar[production].words; words != chosen; words = next_alternative(words))
		number++;
	uses[production][number]++;
}

size_t count_productions(char *out_missing, size_t size)
{
	size_t count = 0;
	*out_missing = '\0';
	for (size_t i = 0; i < COUNT_OF(grammar); i++) {
		size_t number = 0;
		for (const char *words = grammar[i].words; words; words = next_alternative(words), count++)
			if (!uses[i][number++])
				snprintf(out_missing, size, "%c of %.*s", grammar[i].symbol, (int)strcspn(words, ";"),
					 words);
	}
	return count;
}

static const char *alternative(const struct production *p, char symbol, struct setting setting, size_t *at)
{
	unsigned nouns = p->flags & (ITEM | TARGET);
	if (p->symbol != symbol || (nouns && !(nouns & setting.noun)) || p->flags & setting.leave)
		return NULL;
	for (const char *words = p->words; words; words = next_alternative(words))
		if ((*at)-- == 0)
			return words;
	return NULL;
}

/* Finds the alternative with that number among those allowed here. NULL after the last one; then *at has been
 * reduced by the number of alternatives. */
static const char *find_alternative(char symbol, struct setting setting, size_t *at, unsigned *flags)
{
	for (size_t i = 0; i < COUNT_OF(grammar); i++) {
		const char *words = alternative(&grammar[i], symbol, setting, at);
		*flags = grammar[i].flags;
		if (!words)
			continue;
		count_use(i, words);
		return words;
	}
	return NULL;
}

static void expand(struct buf *out, char symbol, struct setting setting, unsigned depth)
{
	struct setting here = {setting.noun, setting.leave | (depth ? 0 : DEEP)}, inside = setting;
	unsigned flags;
	size_t left = SIZE_MAX;
	find_alternative(symbol, here, &left, &flags);
	size_t at = below(SIZE_MAX - left);
	const char *words = find_alternative(symbol, here, &at, &flags);
	if (flags & DEEP)
		depth--;
	for (; *words && *words != ';'; words++) {
		if (*words == '@') {
			expand(out, *++words, inside, depth);
		} else if (*words != '~') {
			buf_add_byte(out, *words);
		} else if (*++words == '.') {
			inside = setting;
		} else {
			inside.noun = *words == 'd' ? DEPLOYMENT : CHAINLET;
			inside.leave = (setting.leave & ~(AMBIGUOUS | JUDGED_SCOPE | BASELINE_SCOPE)) | AGGREGATE;
			inside.leave |= *words == 'b' ? JUDGED_SCOPE : BASELINE_SCOPE;
		}
	}
}

const char *phrase(struct arena *arena, char symbol, struct setting setting)
{
	struct buf buf = buf_make(PHRASE_BYTES_MAX);
	do {
		buf_clear(&buf);
		expand(&buf, symbol, setting, (unsigned)below(PHRASE_DEPTH_MAX + 1));
	} while (buf.overflowed);
	const char *words = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return words;
}

struct wording random_wording(struct arena *arena, unsigned leave)
{
	bool deployments = once_in(3), baseline = !deployments && !(leave & BASELINE_SIDE) && once_in(3);
	struct wording wording = {.noun = deployments ? "deployments" : baseline ? "baseline chainlets" : "chainlets"};
	wording.setting = (struct setting){deployments ? DEPLOYMENT : CHAINLET,
					   leave | (baseline ? JUDGED_SCOPE : BASELINE_SCOPE)};
	if (once_in(2))
		wording.where = phrase(arena, 'E', wording.setting);
	return wording;
}

const char *quantified(struct arena *arena, const char *quantifier, const struct wording *wording, const char *body)
{
	static const char *const links[] = {"is", "are", "has", "have"};
	if (wording->where)
		return arena_printf(arena, "%s %s where %s %s %s", quantifier, wording->noun, wording->where,
				    ONE_OF(links), body);
	return arena_printf(arena, "%s %s %s %s", quantifier, wording->noun, once_in(2) ? ONE_OF(links) : "", body);
}

static const char *const quantifiers[] = {"all",       "all",        "any",        "any",
					  "no",        "at least 1", "at least 2", "at most 0",
					  "at most 1", "exactly 0",  "exactly $n"};

const char *random_quantifier(void)
{
	return ONE_OF(quantifiers);
}

const char *random_rule(struct arena *arena, unsigned leave)
{
	static const unsigned nouns[] = {CHAINLET, CHAINLET, DEPLOYMENT, TARGET};
	if (once_in(4))
		return phrase(arena, 'E', (struct setting){ONE_OF(nouns), leave | AMBIGUOUS | BASELINE_SCOPE});
	struct wording wording = random_wording(arena, leave);
	const char *body = phrase(arena, once_in(5) ? 'b' : 'E', wording.setting);
	return quantified(arena, ONE_OF(quantifiers), &wording, body);
}
