/* document.c - builds a tree of nodes from libyaml's events, and rejects the parts of YAML that aren't supported.
 *
 * Open nodes are a stack of frames, at most YAML_DEPTH_MAX deep, so nothing here recurses. After a mistake that
 * leaves the structure clear (a key given twice, a tag, a merge key), building goes on to find further mistakes; the
 * tree is thrown away in the end.
 */
#include "chaingate/yaml.h"

#include "complaint.h"
#include "marks.h"
#include "properties.h"
#include "scalar_map.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* Most anchors of one file. Each alias searches them one by one; a file written by people has a handful. */
#define ANCHORS_MAX 1000

struct anchor {
	struct text name;
	const struct yaml_node *node;
	struct span span;     /* of the anchored node; incomplete while the node is open */
	size_t nodes, height; /* how many nodes it has, itself included, and how many levels below it */
	bool is_open;         /* an alias now would be inside its own node: a cycle */
};

/* A sequence or mapping that hasn't ended yet. */
struct frame {
	struct yaml_node *node;
	const struct yaml_node **items;
	struct yaml_pair *pairs;
	size_t count, capacity;
	const struct yaml_node *key; /* of a mapping: the key whose value comes next */
	bool key_is_bad;             /* the key was reported; the pair is dropped */
	bool begins_with_key;        /* the span begins with its first key, which hasn't come yet */
	size_t last_end;             /* where its last child ends */
	size_t nodes_before, height;
	struct anchor *anchor; /* its own, or NULL */
};

struct builder {
	struct arena *arena;
	const struct source *source;
	struct diags *diags;
	struct marks marks;
	struct frame frames[YAML_DEPTH_MAX];
	size_t depth;
	size_t nodes; /* so far; an alias counts as the nodes it refers to */
	struct anchor *anchors;
	size_t anchor_count;
	size_t tags_end; /* the end of the last rejected tag: a key's tag can be met twice */
	const struct yaml_node *root;
	bool stopped; /* stopped by a mistake after which going on is useless */
};

static struct span event_span(struct builder *b, const yaml_event_t *event)
{
	size_t start = marks_offset(&b->marks, event->start_mark.index);
	size_t end = marks_offset(&b->marks, event->end_mark.index);
	return (struct span){start, end < start ? start : end};
}

/* --- anchors --- */

static struct anchor *find_anchor(struct builder *b, struct text name)
{
	for (size_t i = 0; i < b->anchor_count; i++)
		if (text_equal(b->anchors[i].name, name))
			return &b->anchors[i];
	return NULL;
}

/* A name may be given again; it then means the later node. NULL if there is no name, or if there are too many. */
static struct anchor *open_anchor(struct builder *b, const yaml_char_t *name, const struct yaml_node *node)
{
	if (!name)
		return NULL;
	struct anchor *anchor = find_anchor(b, text_of((const char *)name));
	if (!anchor && b->anchor_count == ANCHORS_MAX) {
		diag_error(b->diags, b->source, node->span, DIAG_LIMIT_EXCEEDED, "more than %d anchors", ANCHORS_MAX);
		b->stopped = true;
		return NULL;
	}
	if (!b->anchors)
		b->anchors = ARENA_ARRAY(b->arena, struct anchor, ANCHORS_MAX);
	if (!anchor)
		anchor = &b->anchors[b->anchor_count++];
	*anchor = (struct anchor){
		.name = arena_text(b->arena, text_of((const char *)name)),
		.node = node,
		.span = node->span,
		.nodes = 1,
		.is_open = true,
	};
	return anchor;
}

static void close_anchor(struct anchor *anchor, const struct yaml_node *node, size_t nodes, size_t height)
{
	/* inside the node, the anchor's name may have been given to another node */
	if (!anchor || anchor->node != node)
		return;
	anchor->nodes = nodes;
	anchor->height = height;
	anchor->is_open = false;
}

/* --- limits --- */

static void count_nodes(struct builder *b, size_t nodes, struct span span)
{
	b->nodes += nodes;
	if (b->nodes <= YAML_NODES_MAX || b->stopped)
		return;
	struct diag *diag = diag_error(b->diags, b->source, span, DIAG_LIMIT_EXCEEDED,
				       "more than %d values, counting what each alias repeats", YAML_NODES_MAX);
	diag_hint(b->diags, diag, "an alias repeats the whole value it names; use fewer of them, or split the file");
	b->stopped = true;
}

static bool fits_depth(struct builder *b, size_t levels, struct span span)
{
	if (b->depth + levels <= YAML_DEPTH_MAX)
		return true;
	diag_error(b->diags, b->source, span, DIAG_LIMIT_EXCEEDED, "nested more than %d levels deep", YAML_DEPTH_MAX);
	b->stopped = true;
	return false;
}

/* --- tags --- */

static void refuse_tag(struct builder *b, struct span span)
{
	if (span.start < b->tags_end)
		return;
	b->tags_end = span.end;
	struct text tag = text_slice(b->source->text, span.start, span.end);
	struct diag *diag = diag_error(b->diags, b->source, span, DIAG_UNSUPPORTED_YAML,
				       "tags such as '%s' are not supported", diag_value(b->diags, tag));
	diag_hint(b->diags, diag, "leave the tag out; a text that begins with '!' must be in quotes");
}

/* The span without the anchor and tag that libyaml begins it with. */
static struct span skip_properties(struct builder *b, struct span span)
{
	struct properties properties = properties_read(b->source, span);
	if (properties.has_tag)
		refuse_tag(b, properties.tag);
	return (struct span){properties.value, span.end};
}

/* --- keys --- */

struct named_key {
	struct text name;
	size_t index;
};

static int compare_named_keys(const void *left, const void *right)
{
	const struct named_key *a = left, *b = right;
	int order = text_compare(a->name, b->name);
	if (order != 0)
		return order;
	return (a->index > b->index) - (a->index < b->index);
}

/* Reports each key that a mapping has more than once, in the order of the file. */
static void report_duplicate_keys(struct builder *b, const struct frame *frame)
{
	if (frame->node->kind != YAML_MAPPING || frame->count < 2)
		return;
	struct named_key *keys = ARENA_ARRAY(b->arena, struct named_key, frame->count);
	size_t *first_of = ARENA_ARRAY(b->arena, size_t, frame->count);
	for (size_t i = 0; i < frame->count; i++)
		keys[i] = (struct named_key){frame->pairs[i].key->scalar.text, i};
	qsort(keys, frame->count, sizeof *keys, compare_named_keys);
	for (size_t i = 0; i < frame->count; i++) {
		bool again = i > 0 && text_equal(keys[i - 1].name, keys[i].name);
		first_of[keys[i].index] = again ? first_of[keys[i - 1].index] : keys[i].index;
	}
	for (size_t i = 0; i < frame->count; i++) {
		if (first_of[i] == i)
			continue;
		const struct yaml_node *key = frame->pairs[i].key;
		struct diag *diag = diag_error(b->diags, b->source, key->span, DIAG_DUPLICATE_KEY,
					       "the key '%s' is given twice", diag_value(b->diags, key->scalar.text));
		diag_also(b->diags, diag, b->source, frame->pairs[first_of[i]].key->span, "first given here");
		diag_hint(b->diags, diag, "leave one of them out, or join their values");
	}
}

/* True if the node can be a key; reports it otherwise. `span` is where the key is written. */
static bool check_key(struct builder *b, const struct yaml_node *key, struct span span)
{
	struct diag *diag;
	if (key->kind != YAML_SCALAR) {
		diag = diag_error(b->diags, b->source, span, DIAG_UNSUPPORTED_YAML, "a key must be a text, not %s",
				  yaml_kind_name(key));
		diag_hint(b->diags, diag, "a key that contains '[' or '{' must be in quotes");
		return false;
	}
	if (key->style == YAML_PLAIN && text_is(key->scalar.text, "<<")) {
		diag = diag_error(b->diags, b->source, span, DIAG_UNSUPPORTED_YAML,
				  "merge keys ('<<') are not supported");
		diag_hint(b->diags, diag, "write the keys out, or use an alias for the whole value");
		return false;
	}
	return true;
}

/* --- building --- */

/* Adds a finished node to its parent. `span` is where it is written; for an alias that is not where the node is. */
static void deliver(struct builder *b, const struct yaml_node *node, struct span span, size_t height)
{
	if (b->depth == 0) {
		b->root = node;
		return;
	}
	struct frame *frame = &b->frames[b->depth - 1];
	frame->last_end = span.end;
	if (frame->height < height + 1)
		frame->height = height + 1;
	if (frame->node->kind == YAML_SEQUENCE) {
		frame->items = arena_grow(b->arena, frame->items, frame->count, &frame->capacity, sizeof *frame->items);
		frame->items[frame->count++] = node;
		return;
	}
	if (!frame->key) {
		if (frame->begins_with_key)
			frame->node->span.start = span.start;
		frame->begins_with_key = false;
		frame->key = node;
		frame->key_is_bad = !check_key(b, node, span);
		return;
	}
	if (!frame->key_is_bad) {
		frame->pairs = arena_grow(b->arena, frame->pairs, frame->count, &frame->capacity, sizeof *frame->pairs);
		frame->pairs[frame->count++] = (struct yaml_pair){frame->key, node};
	}
	frame->key = NULL;
}

static struct text trim_end(struct text text)
{
	while (text.length > 0 && memchr(" \t\r\n", text.bytes[text.length - 1], 4))
		text.length--;
	return text;
}

static enum scalar_form form_of(const yaml_event_t *event)
{
	switch (event->data.scalar.style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE: return SCALAR_SINGLE_QUOTED;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return SCALAR_DOUBLE_QUOTED;
	case YAML_LITERAL_SCALAR_STYLE: return SCALAR_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE: return SCALAR_FOLDED;
	case YAML_ANY_SCALAR_STYLE:
	case YAML_PLAIN_SCALAR_STYLE: break;
	}
	return SCALAR_PLAIN;
}

static enum yaml_style style_of(enum scalar_form form)
{
	switch (form) {
	case SCALAR_PLAIN: return YAML_PLAIN;
	case SCALAR_SINGLE_QUOTED:
	case SCALAR_DOUBLE_QUOTED: return YAML_QUOTED;
	case SCALAR_LITERAL:
	case SCALAR_FOLDED: return YAML_BLOCK;
	}
	return YAML_PLAIN;
}

static void add_scalar(struct builder *b, const yaml_event_t *event)
{
	struct yaml_node *node = ARENA_NEW(b->arena, struct yaml_node);
	enum scalar_form form = form_of(event);
	struct text text = {(const char *)event->data.scalar.value, event->data.scalar.length};
	node->kind = YAML_SCALAR;
	node->style = style_of(form);
	node->span = skip_properties(b, event_span(b, event));
	node->scalar = scalar_map(b->arena, b->source, node->span, form, arena_text(b->arena, text));
	if (node->style == YAML_BLOCK) /* libyaml ends it after the blank lines that follow */
		node->span.end = node->span.start +
				 trim_end(text_slice(b->source->text, node->span.start, node->span.end)).length;
	count_nodes(b, 1, node->span);
	close_anchor(open_anchor(b, event->data.scalar.anchor, node), node, 1, 0);
	deliver(b, node, node->span, 0);
}

static void add_alias(struct builder *b, const yaml_event_t *event)
{
	struct span span = event_span(b, event);
	struct text name = text_of((const char *)event->data.alias.anchor);
	const struct anchor *anchor = find_anchor(b, name);
	if (anchor && !anchor->is_open) {
		count_nodes(b, anchor->nodes, span);
		if (fits_depth(b, anchor->height, span))
			deliver(b, anchor->node, span, anchor->height);
		return;
	}
	if (anchor) {
		struct diag *diag = diag_error(b->diags, b->source, span, DIAG_LIMIT_EXCEEDED,
					       "the alias '*%s' is inside the value it names, which would have no end",
					       diag_value(b->diags, name));
		diag_also(b->diags, diag, b->source, anchor->span, "the value begins here");
	} else {
		struct diag *diag = diag_error(b->diags, b->source, span, DIAG_INVALID_YAML,
					       "no anchor before this is called '%s'", diag_value(b->diags, name));
		diag_hint(b->diags, diag, "a text that begins with '*' must be in quotes");
	}
	struct yaml_node *nothing = ARENA_NEW(b->arena, struct yaml_node);
	nothing->span = span;
	nothing->scalar.source = b->source;
	deliver(b, nothing, span, 0);
}

static void open_node(struct builder *b, const yaml_event_t *event, enum yaml_kind kind, const yaml_char_t *anchor)
{
	struct span span = event_span(b, event);
	bool begins_with_key = kind == YAML_MAPPING && event->data.mapping_start.style == YAML_BLOCK_MAPPING_STYLE;
	const yaml_char_t *tag = kind == YAML_MAPPING ? event->data.mapping_start.tag : event->data.sequence_start.tag;
	struct span from = {span.start, b->source->text.length};
	if (!fits_depth(b, 1, span))
		return;
	/* an anchor or tag before a block mapping's first key may belong to that key */
	if (!begins_with_key || tag)
		from = skip_properties(b, from);
	struct yaml_node *node = ARENA_NEW(b->arena, struct yaml_node);
	node->kind = kind;
	node->span = (struct span){from.start, from.start};
	struct frame *frame = &b->frames[b->depth];
	*frame = (struct frame){
		.node = node,
		.begins_with_key = begins_with_key,
		.last_end = from.start,
		.nodes_before = b->nodes,
	};
	count_nodes(b, 1, node->span);
	frame->anchor = open_anchor(b, anchor, node);
	b->depth++;
}

static void close_node(struct builder *b, const yaml_event_t *event)
{
	struct frame *frame = &b->frames[b->depth - 1];
	struct yaml_node *node = frame->node;
	struct span end = event_span(b, event);
	if (!node) /* the document's own frame, which no event closes */
		return;
	node->items = frame->items;
	node->pairs = frame->pairs;
	node->count = frame->count;
	/* a bracket has a width; the end of a block has none, and libyaml puts it where the next thing begins */
	node->span.end = end.end > end.start ? end.end : frame->last_end;
	report_duplicate_keys(b, frame);
	close_anchor(frame->anchor, node, b->nodes - frame->nodes_before, frame->height);
	b->depth--;
	deliver(b, node, node->span, frame->height);
}

static void begin_document(struct builder *b, const yaml_event_t *event)
{
	if (!b->root)
		return;
	struct diag *diag = diag_error(b->diags, b->source, event_span(b, event), DIAG_UNSUPPORTED_YAML,
				       "a file with more than one document is not supported");
	diag_hint(b->diags, diag, "remove the line '---', or put the second document into a file of its own");
	b->stopped = true;
}

static void handle(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT: add_scalar(b, event); break;
	case YAML_ALIAS_EVENT: add_alias(b, event); break;
	case YAML_SEQUENCE_START_EVENT: open_node(b, event, YAML_SEQUENCE, event->data.sequence_start.anchor); break;
	case YAML_MAPPING_START_EVENT: open_node(b, event, YAML_MAPPING, event->data.mapping_start.anchor); break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: close_node(b, event); break;
	case YAML_DOCUMENT_START_EVENT: begin_document(b, event); break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT: break;
	}
}

static void build(struct builder *b, yaml_parser_t *parser)
{
	for (bool at_end = false; !at_end && !b->stopped;) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event)) {
			complaint_of_parser(b->diags, b->source, &b->marks, parser);
			break;
		}
		handle(b, &event);
		at_end = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	/* collections that a mistake left open may have duplicate keys */
	while (b->depth > 0)
		report_duplicate_keys(b, &b->frames[--b->depth]);
}

static const struct yaml_node *empty_document(struct builder *b)
{
	struct yaml_node *node = ARENA_NEW(b->arena, struct yaml_node);
	node->scalar.source = b->source;
	return node;
}

const struct yaml_node *yaml_parse(struct arena *arena, const struct source *source, struct diags *diags)
{
	size_t errors_before = diags->errors;
	size_t mark_length = text_starts_with(source->text, "\xEF\xBB\xBF") ? 3 : 0;
	struct builder b = {.arena = arena, .source = source, .diags = diags};
	yaml_parser_t parser;

	if (source->text.length > YAML_BYTES_MAX) {
		diag_error(diags, source, (struct span){0, 0}, DIAG_LIMIT_EXCEEDED, "larger than %zu MiB",
			   YAML_BYTES_MAX >> 20);
		return NULL;
	}
	if (!complaint_unless_text(diags, source, mark_length))
		return NULL;
	b.marks.text = text_slice(source->text, mark_length, source->text.length);
	b.marks.skipped = mark_length;
	if (!yaml_parser_initialize(&parser))
		memory_exhausted();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	const char *bytes = b.marks.text.length > 0 ? b.marks.text.bytes : "";
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, b.marks.text.length);
	build(&b, &parser);
	yaml_parser_delete(&parser);
	if (diags->errors > errors_before)
		return NULL;
	return b.root ? b.root : empty_document(&b);
}
