/* live.c - see live.h. */
#include "chaingate/live.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "chaingate/signals.h"
#include "chaingate/times.h"

#include <unistd.h>

/* Nobody reads faster, and constant changes must not cause constant drawing. */
#define FRAME_NS NS_PER_S
#define FRAME_AFTER_CHANGE_NS (100 * NS_PER_MS)

/* The terminal shows a frame when it is complete (synchronised output; terminals without it ignore this). A
 * character that is wider than our table says is cut at the edge and doesn't wrap. */
#define FRAME_BEGIN "\x1b[?2026h\x1b[?7l\r"
#define FRAME_END "\x1b[?7h\x1b[?2026l"
/* Each line is written over the old one, and only then is the rest of the old line cleared: unchanged text doesn't
 * flicker. (Clearing the whole screen first would also leave the old frame in the scrollback of some terminals.) */
#define CLEAR_REST_OF_LINE "\x1b[K"
#define CLEAR_BELOW "\x1b[J"

struct screen live_screen(const struct live *live)
{
	struct terminal_size size = terminal_size(live->fd);
	return (struct screen){
		/* The last column stays free: terminals disagree about a cursor that has passed it. */
		.columns = size.columns > 1 ? size.columns - 1 : 1,
		/* The last row stays free for the cursor after the last frame. */
		.rows = size.rows > 1 ? size.rows - 1 : 1,
		.colour = output_has_color(live->output, live->fd),
	};
}

/* Appends all lines. Returns how many there are. The cursor is at the end of the last one. */
static size_t add_lines(struct buf *frame, struct text lines, bool clears_first)
{
	size_t count = 0, start = 0;
	for (size_t i = 0; i < lines.length; i++) {
		if (lines.bytes[i] != '\n')
			continue;
		buf_add_string(frame, count++ ? "\r\n" : "");
		buf_add_string(frame, clears_first ? CLEAR_REST_OF_LINE : "");
		buf_add(frame, text_slice(lines, start, i));
		buf_add_string(frame, CLEAR_REST_OF_LINE);
		start = i + 1;
	}
	return count;
}

/* Before Ctrl-Z stops us, the cursor goes below the frame, so that the shell's prompt gets its own line. After the
 * last frame it is there already. */
static void prepare_stop(const struct live *live, size_t lines)
{
	struct buf farewell = buf_make(SIGNALS_STOP_BYTES);
	if (lines > 1)
		buf_printf(&farewell, FRAME_END "\x1b[%zuB", lines - 1);
	if (lines)
		buf_add_string(&farewell, "\r\n");
	signals_before_stop(live->fd, buf_text(&farewell));
	buf_release(&farewell);
}

static void draw(struct live *live, struct text lines, bool is_last)
{
	struct buf frame = buf_make(BUF_LIMIT_REPORT);
	struct terminal_size size = terminal_size(live->fd);
	/* A narrower window may show one line on two rows. To the terminal they are still one line, and a wider
	 * window would join them, unless they are cleared. */
	bool is_resized = size.columns != live->size.columns || size.rows != live->size.rows;
	live->size = size;
	buf_add_string(&frame, FRAME_BEGIN);
	size_t count = add_lines(&frame, lines, is_resized);
	buf_add_string(&frame, CLEAR_BELOW);
	if (is_last)
		buf_add_string(&frame, "\r\n");
	else if (count > 1)
		buf_printf(&frame, "\r\x1b[%zuA", count - 1);
	else
		buf_add_byte(&frame, '\r');
	buf_add_string(&frame, FRAME_END);
	output_frame(live->output, live->fd, buf_text(&frame));
	buf_release(&frame);
	prepare_stop(live, is_last ? 0 : count);
}

void live_draw(struct live *live, struct text lines, int64_t now_ns)
{
	/* If the user has stopped the terminal (Ctrl-S) to read, this frame is skipped: don't wait, but don't give up
	 * either. */
	if (fd_takes(live->fd))
		draw(live, lines, false);
	live->has_begun = true;
	live->tried_ns = now_ns;
	live->is_stale = false;
}

void live_end(struct live *live, struct text lines)
{
	draw(live, lines, true);
}

int64_t live_due_ns(const struct live *live)
{
	if (!live->has_begun)
		return 0;
	if (live->is_stale)
		return live->tried_ns + FRAME_AFTER_CHANGE_NS;
	return (live->tried_ns / FRAME_NS + 1) * FRAME_NS;
}
