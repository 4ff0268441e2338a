"""chart.py - draws the figures of run.py as SVG, for light and dark pages. Needs no library."""
import math

STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600; font-size: 14px } .axis { stroke: #8c959f; fill: none }
.bar { fill: #0969da } .line { stroke: #0969da; fill: none; stroke-width: 2 } .dot { fill: #0969da } .same { stroke: #cf222e; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .axis { stroke: #7d8590 } .bar, .dot { fill: #58a6ff } .line { stroke: #58a6ff } .same { stroke: #ff7b72 } }
</style>"""
WIDTH = 760


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def bars(rows, top):
    """CPU time of chaingate divided by the tool's: at 1 both cost the same."""
    out, y = [f'<text class="title" x="10" y="{top}">CPU of chaingate ÷ CPU of the tool (dashed: 1)</text>'], top + 14
    largest = max([ratio for values in rows.values() for _, ratio in values] + [1])
    scale = 440 / largest
    for tool, values in rows.items():
        for name, ratio in values:
            out.append(f'<text x="10" y="{y + 12}">{escape(tool)}, {escape(name)}</text><rect class="bar" x="220" y="{y + 2}" width="{ratio * scale:.1f}" height="12"/>'
                       f'<text x="{226 + ratio * scale:.1f}" y="{y + 12}">{ratio:.2f}</text>')
            y += 18
        y += 6
    out.append(f'<path class="same" d="M{220 + scale:.1f} {top + 12}V{y}"/>')
    return out, y + 24


def curve(title, points, left, top, size):
    """Both axes are logarithmic: a slope of 45 degrees is linear."""
    logs = [(math.log10(x), math.log10(y)) for x, y in points]
    least_x, most_x = logs[0][0], max(logs[-1][0], logs[0][0] + 1)
    least_y = min(y for _, y in logs)
    most_y = max(max(y for _, y in logs), least_y + (most_x - least_x))

    def place(x, y):
        return left + 40 + (x - least_x) / (most_x - least_x) * (size - 60), top + size - 30 - (y - least_y) / (most_y - least_y) * (size - 70)

    places = [place(x, y) for x, y in logs]
    out = [f'<text class="title" x="{left + 10}" y="{top + 10}">{escape(title)}</text>', f'<path class="axis" d="M{left + 40} {top + 30}V{top + size - 30}H{left + size - 10}"/>',
           f'<path class="line" d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>']
    for (x, y), (count, millions) in zip(places, points):
        out.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/><text x="{x - 8:.1f}" y="{top + size - 14}">{count}</text>'
                   f'<text x="{x - 12:.1f}" y="{y - 8:.1f}">{millions:.0f} M</text>')
    return out


def draw(rows, lines):
    body, y = bars(rows, 24)
    for i, (title, points) in enumerate(lines.items()):
        body += curve(title, points, i * 250, y, 250)
    height = y + (250 if lines else 0) + 10
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
            f'aria-label="What chaingate costs beside other tools, and how the cost grows">\n{STYLE}\n' + "\n".join(body) + "\n</svg>\n")
