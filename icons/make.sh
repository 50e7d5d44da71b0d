#!/bin/sh
# Draws every size of the icon from its SVG. The results are committed because `tauri build` reads them at compile
# time, and a checkout must build without a renderer of SVG. Run it after changing an SVG and commit what it wrote.
# Needs (Debian): librsvg2-bin icoutils icnsutils.
set -eu
cd "$(dirname "$0")"

for tool in rsvg-convert icotool png2icns; do
    command -v "$tool" >/dev/null || {
        echo "icons: '$tool' is missing; install: apt-get install librsvg2-bin icoutils icnsutils" >&2
        exit 1
    }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

draw() { # svg, pixels, png; PNGs are RGBA, which is what Tauri reads
    rsvg-convert --width "$2" --height "$2" "$1" --output "$3"
}

draw deskbell.svg 32 32x32.png
draw deskbell.svg 128 128x128.png
draw deskbell.svg 256 128x128@2x.png
draw deskbell.svg 512 icon.png

for size in 16 32 48 64 128 256 512 1024; do
    draw deskbell.svg "$size" "$scratch/$size.png"
done
icotool --create --output=icon.ico \
    "$scratch/16.png" "$scratch/32.png" "$scratch/48.png" "$scratch/64.png" --raw="$scratch/256.png"
png2icns icon.icns "$scratch/16.png" "$scratch/32.png" "$scratch/48.png" \
    "$scratch/128.png" "$scratch/256.png" "$scratch/512.png" "$scratch/1024.png" >/dev/null

for variant in plain unread waiting away offline mono; do
    draw "tray/$variant.svg" 64 "tray/$variant.png"
done
