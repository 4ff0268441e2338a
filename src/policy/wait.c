/* wait.c - waiting times: the defaults, and a policy's own. */
#include "loader.h"

static const char *const wait_key_names[WAIT_KEY_COUNT] = {
	[WAIT_TIMEOUT] = "timeout",           [WAIT_INTERVAL] = "interval",
	[WAIT_STABLE_FOR] = "stable_for",     [WAIT_STABLE_FOR_STATUS] = "stable_for_status",
	[WAIT_DISCOVER_FOR] = "discover_for", [WAIT_UNREACHABLE_AFTER] = "unreachable_after",
	[WAIT_FAIL_FAST] = "fail_fast",
};

const char *policy_wait_key_name(enum wait_key key)
{
	return wait_key_names[key];
}

struct policy_wait policy_wait_default(void)
{
	struct policy_wait wait = {
		.timeout_ns = WAIT_TIMEOUT_DEFAULT_NS,
		.interval_ns = WAIT_INTERVAL_DEFAULT_NS,
		.stable_for_ns = WAIT_STABLE_FOR_DEFAULT_NS,
		.discover_for_ns = WAIT_DISCOVER_FOR_DEFAULT_NS,
		.unreachable_after_ns = WAIT_UNREACHABLE_AFTER_DEFAULT_NS,
		.fail_fast = true,
	};
	wait.stable_for_status_ns[STATUS_SCALED_TO_ZERO] = WAIT_STABLE_FOR_SCALED_TO_ZERO_DEFAULT_NS;
	wait.stable_for_status_ns[STATUS_UNHEALTHY] = WAIT_STABLE_FOR_UNHEALTHY_DEFAULT_NS;
	return wait;
}

static void read_stable_for_status(struct loader *l, const struct yaml_node *node, struct policy_wait *out)
{
	if (!load_mapping(&l->reader, node, "stable_for_status", "SCALED_TO_ZERO", "90s", fits_time))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = node->pairs[i].key;
		enum status status = status_parse(key->scalar.text);
		if (status != STATUS_UNKNOWN) {
			yaml_read_duration(&l->reader, node->pairs[i].value, status_name(status), 0, WAIT_MAX_NS,
					   &out->stable_for_status_ns[status]);
			continue;
		}
		status_refuse(l->reader.diags, l->reader.source, key->span, key->scalar.text);
	}
}

static void read_wait_key(struct loader *l, const struct yaml_node *node, enum wait_key key, struct policy_wait *out)
{
	const char *name = wait_key_names[key];
	switch (key) {
	case WAIT_TIMEOUT: yaml_read_duration(&l->reader, node, name, 0, WAIT_MAX_NS, &out->timeout_ns); break;
	case WAIT_INTERVAL:
		yaml_read_duration(&l->reader, node, name, WAIT_INTERVAL_MIN_NS, WAIT_MAX_NS, &out->interval_ns);
		break;
	case WAIT_STABLE_FOR: yaml_read_duration(&l->reader, node, name, 0, WAIT_MAX_NS, &out->stable_for_ns); break;
	case WAIT_STABLE_FOR_STATUS: read_stable_for_status(l, node, out); break;
	case WAIT_DISCOVER_FOR:
		yaml_read_duration(&l->reader, node, name, 0, WAIT_MAX_NS, &out->discover_for_ns);
		break;
	case WAIT_UNREACHABLE_AFTER:
		yaml_read_duration(&l->reader, node, name, 0, WAIT_MAX_NS, &out->unreachable_after_ns);
		break;
	case WAIT_FAIL_FAST: yaml_read_boolean(&l->reader, node, name, &out->fail_fast); break;
	case WAIT_KEY_COUNT: break;
	}
}

void load_wait(struct loader *l, const struct yaml_node *node, struct policy *out)
{
	if (!load_mapping(&l->reader, node, "wait", "timeout", "20m", fits_time))
		return;
	keys_check(MAPPING_WAIT, node, l->reader.source, l->reader.diags);
	for (int key = 0; key < WAIT_KEY_COUNT; key++) {
		const struct yaml_node *value = yaml_get(node, wait_key_names[key]);
		if (!value)
			continue;
		out->given[key] = value->span;
		out->given_in[key] = l->reader.source;
		read_wait_key(l, value, (enum wait_key)key, &out->wait);
	}
}
