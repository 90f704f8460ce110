const labels: Record<string, string> = {
  source: "Reading the source",
  buildpacks: "Choosing the buildpacks",
  toolchain: "Erlang and Elixir",
  compile: "Compiling",
  assets: "Assets",
  release: "Assembling the release",
  "hot-upgrade": "Preparing a hot upgrade",
  slug: "Packing the slug",
}

/** A phase as people call it; one that we do not know as its buildpack calls it. Pure. */
export function phaseLabel(name: string): string {
  return labels[name] ?? (name ? name.charAt(0).toUpperCase() + name.slice(1) : "Preparing")
}
