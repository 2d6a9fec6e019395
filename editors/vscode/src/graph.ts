// The page that shows a graph. The picture contains names from an untrusted component, so it is shown as an image,
// which runs no script and loads nothing, and the page's policy forbids everything else.

export function isSvg(text: string): boolean {
  return /^\uFEFF?\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>[]*>\s*)?<svg[\s>]/.test(text);
}

export function graphPage(title: string, svg: string): string {
  const picture = Buffer.from(svg, 'utf8').toString('base64');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
html { color-scheme: light; }
body { margin: 0; padding: 1em; background: #fff; }
</style>
</head>
<body><img alt="${escaped(title)}" src="data:image/svg+xml;base64,${picture}"></body>
</html>
`;
}

export function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}
