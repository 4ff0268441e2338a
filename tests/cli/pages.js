// pages.js - inspects a report in a browser: is any text cut off, over other text, too faint, or hidden on paper?
//
// The page that runs it shows the report in an iframe of the tested width. Prints a line for each fault, then "done".

"use strict";

function inspect(frame, width) {
	const page = frame.contentDocument, view = frame.contentWindow, faults = [];
	const words = (element) => (element.textContent || "").trim().slice(0, 40);
	const scrolls = (element) => element.closest(".scroll, pre");
	const folded = (element) => element.closest("details:not([open])") && element.tagName !== "SUMMARY";

	const margin = parseFloat(view.getComputedStyle(page.body).paddingRight);

	if (page.documentElement.scrollWidth > width)
		faults.push(`the page is ${page.documentElement.scrollWidth} wide`);

	// Text outside its box, or outside the page.
	for (const element of page.querySelectorAll("h1, h2, h3, p, li, td, th, dt, dd, summary, .word")) {
		if (folded(element))
			continue;
		const box = element.getBoundingClientRect();
		if (!scrolls(element) && box.right > width - margin + 0.5)
			faults.push(`beyond the page: ${words(element)}`);
		if (element.scrollWidth > element.clientWidth + 1 && view.getComputedStyle(element).display !== "inline")
			faults.push(`cut: ${words(element)}`);
	}

	// A short word on several lines.
	for (const element of page.querySelectorAll("td, th, li, p")) {
		if (folded(element) || scrolls(element))
			continue;
		for (const word of shortWords(page, element))
			if (new Set([...word.getClientRects()].map((b) => Math.round(b.top))).size > 1)
				faults.push(`broken: ${word}`);
	}

	// Text over text.
	const boxes = [...page.querySelectorAll("h1, h2, h3, p, li, td, th, dt, dd, summary, pre")].filter((element) => !folded(element)).map((element) => [element, element.getBoundingClientRect()]);
	overlaps(boxes.filter(([element]) => !element.querySelector("td, th, p, pre, dd, li")), faults, words, 1);

	for (const svg of page.querySelectorAll("svg")) {
		const [, , right, bottom] = svg.getAttribute("viewBox").split(" ").map(Number);
		const texts = [...svg.querySelectorAll("text")].map((element) => {
			const b = element.getBBox();
			return [element, { left: b.x, right: b.x + b.width, top: b.y, bottom: b.y + b.height }];
		});
		overlaps(texts, faults, words, 2);
		for (const [element, box] of texts) {
			if (box.left < 0 || box.right > right || box.top < -1 || box.bottom > bottom + 1)
				faults.push(`out of the picture: ${words(element)}`);
			const bar = element.parentElement.querySelector(":scope > rect");
			if (bar && box.right > Number(bar.getAttribute("x")) + Number(bar.getAttribute("width")))
				faults.push(`out of its bar: ${words(element)}`);
		}
	}
	contrasts(page, view, faults, words);
	onPaper(page, faults, words);
	return faults;
}

// Nothing that is folded on a screen may be hidden on paper. The rules for paper apply to the screen meanwhile.
function onPaper(page, faults, words) {
	const rules = [...page.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof page.defaultView.CSSMediaRule && rule.conditionText === "print");
	rules.forEach((rule) => { rule.media.mediaText = "all"; });
	for (const element of page.querySelectorAll("details :is(td, li, p, figure)"))
		if (words(element) && !element.checkVisibility())
			faults.push(`not on paper: ${words(element)}`);
	rules.forEach((rule) => { rule.media.mediaText = "print"; });
}

// Ranges of the words that fit a column of a phone. Between ideographs a line may always be broken.
function shortWords(page, element) {
	const walker = page.createTreeWalker(element, NodeFilter.SHOW_TEXT), found = [];
	while (walker.nextNode())
		for (const match of walker.currentNode.data.matchAll(/(?<![!-~])[A-Za-z0-9_]{2,10}(?![!-~])/g)) {
			const range = page.createRange();
			range.setStart(walker.currentNode, match.index);
			range.setEnd(walker.currentNode, match.index + match[0].length);
			found.push(range);
		}
	return found;
}

// The boxes are sorted by their tops; each is compared with those that begin above its bottom.
function overlaps(boxes, faults, words, slack) {
	boxes = boxes.filter(([element, b]) => b.right > b.left && b.bottom > b.top && words(element));
	boxes.sort(([, a], [, b]) => a.top - b.top);
	for (let i = 0; i < boxes.length; i++)
		for (let j = i + 1; j < boxes.length && boxes[j][1].top < boxes[i][1].bottom - slack; j++) {
			const [one, a] = boxes[i], [other, b] = boxes[j];
			if (!one.contains(other) && !other.contains(one) && a.left < b.right - slack && b.left < a.right - slack)
				faults.push(`over each other: ${words(one)} / ${words(other)}`);
		}
}

function numbers(color) {
	const parts = color.match(/[\d.]+/g).map(Number);
	return parts.length === 4 && parts[3] === 0 ? null : parts.slice(0, 3);
}

function luminance(rgb) {
	const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a, b) {
	const [x, y] = [luminance(a), luminance(b)];
	return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function background(element, view, fallback) {
	for (; element; element = element.parentElement) {
		const rgb = numbers(view.getComputedStyle(element).backgroundColor);
		if (rgb)
			return rgb;
	}
	return fallback;
}

// WCAG's AA for letters of this size.
function contrasts(page, view, faults, words) {
	const dark = view.matchMedia("(prefers-color-scheme: dark)").matches;
	const canvas = dark ? [18, 18, 18] : [255, 255, 255];
	const seen = new Set();
	for (const element of page.querySelectorAll("h1, h2, h3, p, td, th, dt, dd, summary, pre, .word, svg text")) {
		const style = view.getComputedStyle(element), bar = element.tagName === "text" && element.parentElement.querySelector(":scope > rect");
		const letters = numbers(element.tagName === "text" ? style.fill : style.color);
		const ground = bar ? numbers(view.getComputedStyle(bar).fill) : background(element, view, canvas);
		const key = `${letters} on ${ground}`;
		if (!seen.has(key) && words(element) && ratio(letters, ground) < 4.5)
			faults.push(`faint: ${key}: ${words(element)}`);
		seen.add(key);
	}
}
