/* state.c - the values of a scenario at a moment. */
#include "state.h"

#include "chaingate/status.h"

/* The order of a roll-up: the first that any chainlet has counts. Unknown words come after failures and before the
 * others. */
static const enum status roll_up_order[] = {
	STATUS_BUILD_FAILED, STATUS_BUILD_STOPPED, STATUS_DEPLOY_FAILED, STATUS_FAILED,         STATUS_UNKNOWN,
	STATUS_BUILDING,     STATUS_DEPLOYING,     STATUS_LOADING_MODEL, STATUS_UPDATING,       STATUS_WAKING_UP,
	STATUS_DEACTIVATING, STATUS_UNHEALTHY,     STATUS_ACTIVE,        STATUS_SCALED_TO_ZERO, STATUS_INACTIVE,
};

bool deployment_listed(const struct sim_deployment *deployment, int64_t scenario_ns)
{
	const struct step *step = timeline_at(&deployment->listed, scenario_ns);
	return step && step->integer;
}

bool deployment_environment(const struct promotions *promotions, const struct sim_deployment *deployment,
			    int64_t scenario_ns, struct text *out)
{
	if (promotions_of(promotions, deployment, scenario_ns, out))
		return true;
	const struct step *step = timeline_at(&deployment->environment, scenario_ns);
	if (!step || step->is_null || promotions_into(promotions, deployment->chain, step->text))
		return false;
	*out = step->text;
	return true;
}

struct text chainlet_status(const struct sim_chainlet *chainlet, int64_t scenario_ns)
{
	const struct step *step = timeline_at(&chainlet->status, scenario_ns);
	return step ? step->text : (struct text){0};
}

struct text deployment_status(const struct sim_deployment *deployment, int64_t scenario_ns)
{
	if (deployment->has_status)
		return timeline_at(&deployment->status, scenario_ns)->text;
	for (size_t i = 0; i < sizeof(roll_up_order) / sizeof(*roll_up_order); i++) {
		for (size_t k = 0; k < deployment->chainlet_count; k++) {
			struct text word = chainlet_status(&deployment->chainlets[k], scenario_ns);
			if (status_parse(word) == roll_up_order[i])
				return word;
		}
	}
	return (struct text){0};
}

const struct settings *chainlet_settings(const struct sim_chainlet *chainlet, int64_t scenario_ns)
{
	const struct step *step = timeline_at(&chainlet->settings, scenario_ns);
	return step && !step->is_null ? step->settings : NULL;
}

int64_t chainlet_replicas(const struct sim_chainlet *chainlet, int64_t scenario_ns)
{
	if (chainlet->has_replicas) {
		const struct step *step = timeline_at(&chainlet->replicas, scenario_ns);
		return step ? step->integer : 0;
	}
	if (status_parse(chainlet_status(chainlet, scenario_ns)) != STATUS_ACTIVE)
		return 0;
	const struct settings *settings = chainlet_settings(chainlet, scenario_ns);
	int64_t least = settings ? settings->values[SETTING_MIN_REPLICA].value : 0;
	return least > 1 ? least : 1;
}

int64_t creation_wall_ns(const struct scenario *scenario, struct creation creation, int64_t start_wall_ns)
{
	if (creation.is_wall)
		return creation.ns;
	if (creation.ns < 0)
		return start_wall_ns + creation.ns;
	int64_t real_ns = creation.ns / scenario->speed_milli;
	return real_ns > (INT64_MAX - start_wall_ns) / 1000 ? INT64_MAX : start_wall_ns + real_ns * 1000;
}

/* The newest deployment of a chain that is in an environment now; *ever is true if one is in it at any time. */
static const struct sim_deployment *newest_in(const struct scenario *scenario, const struct promotions *promotions,
					      const struct sim_chain *chain, struct text name, int64_t scenario_ns,
					      int64_t start_wall_ns, bool *ever)
{
	const struct sim_deployment *newest = NULL;
	int64_t newest_ns = INT64_MIN;
	for (size_t i = 0; i < scenario->deployment_count; i++) {
		const struct sim_deployment *deployment = &scenario->deployments[i];
		if (deployment->chain != chain)
			continue;
		for (size_t k = 0; k < deployment->environment.count; k++)
			*ever = *ever || text_equal(deployment->environment.steps[k].text, name);
		struct text now;
		if (!deployment_listed(deployment, scenario_ns) ||
		    !deployment_environment(promotions, deployment, scenario_ns, &now) || !text_equal(now, name))
			continue;
		int64_t created_ns = creation_wall_ns(scenario, deployment->created, start_wall_ns);
		if (newest && created_ns < newest_ns)
			continue;
		newest = deployment;
		newest_ns = created_ns;
	}
	return newest;
}

static const struct sim_deployment *occupant(const struct scenario *scenario, const struct timeline *timeline,
					     int64_t scenario_ns)
{
	const struct step *step = timeline_at(timeline, scenario_ns);
	return step && !step->is_null ? scenario_deployment(scenario, step->text) : NULL;
}

bool environment_occupation(const struct scenario *scenario, const struct promotions *promotions,
			    const struct sim_chain *chain, struct text name, int64_t scenario_ns, int64_t start_wall_ns,
			    struct occupation *out)
{
	const struct promotion *promotion = promotions_into(promotions, chain, name);
	for (size_t i = 0; i < scenario->environment_count; i++) {
		const struct sim_environment *environment = &scenario->environments[i];
		if (environment->chain != chain || !text_equal(environment->name, name))
			continue;
		*out = (struct occupation){.name = environment->name,
					   .chain = chain,
					   .created = environment->created,
					   .current = occupant(scenario, &environment->current, scenario_ns),
					   .candidate = occupant(scenario, &environment->candidate, scenario_ns),
					   .copy = environment->copy,
					   .promotion_takes_ns = environment->promotion_takes_ns};
		const struct step *word = timeline_at(&environment->promotion, scenario_ns),
				  *traffic = timeline_at(&environment->traffic, scenario_ns);
		if (word && !word->is_null)
			out->promotion = word->text;
		else if (!environment->promotion.count && out->candidate)
			out->promotion = TEXT("RAMPING_UP");
		out->traffic_percent = traffic ? traffic->integer : 0;
		if (promotion) {
			out->promotion = scenario_ns < promotion->ends_ns ? TEXT("RAMPING_UP") : (struct text){0};
			out->current = promotion_serves(promotion, scenario_ns);
			out->candidate = scenario_ns < promotion->ends_ns ? promotion->deployment : NULL;
		}
		return true;
	}
	bool ever = false;
	const struct sim_deployment *current =
		newest_in(scenario, promotions, chain, name, scenario_ns, start_wall_ns, &ever);
	if (!ever)
		return false;
	*out = (struct occupation){.name = name, .chain = chain, .created = chain->created, .current = current};
	return true;
}
