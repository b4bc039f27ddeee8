"""What the graphics card works out: a body that it skins itself, and the floor with its shadow."""

from gui.stage.segments import SEGMENTS
from megadance_live.core.skeleton import JOINT_COUNT

DESKTOP = "#version 330 core\n"
EMBEDDED = "#version 300 es\nprecision highp float;\nprecision highp int;\n"

BODY_VERTEX = f"""
in vec3 a_place;
in vec3 a_normal;
in vec4 a_joints;
in vec4 a_weights;
in vec4 a_paint;
uniform vec4 u_bones[{JOINT_COUNT * 3}];
uniform mat4 u_camera;
out vec3 v_place;
out vec3 v_normal;
out vec4 v_paint;

void main() {{
    ivec4 first = 3 * ivec4(a_joints + 0.5);
    vec4 x = vec4(0.0), y = vec4(0.0), z = vec4(0.0);
    for (int i = 0; i < 4; i++) {{
        x += a_weights[i] * u_bones[first[i]];
        y += a_weights[i] * u_bones[first[i] + 1];
        z += a_weights[i] * u_bones[first[i] + 2];
    }}
    vec4 rest = vec4(a_place, 1.0);
    v_place = vec3(dot(x, rest), dot(y, rest), dot(z, rest));
    v_normal = vec3(dot(x.xyz, a_normal), dot(y.xyz, a_normal), dot(z.xyz, a_normal));
    v_paint = a_paint;
    gl_Position = u_camera * vec4(v_place, 1.0);
}}
"""

BODY_FRAGMENT = """
in vec3 v_place;
in vec3 v_normal;
in vec4 v_paint;
uniform vec3 u_eye;
uniform vec3 u_right;
uniform vec3 u_accent;
uniform int u_look;
out vec4 o_colour;

void main() {
    vec3 n = normalize(v_normal);
    vec3 to_eye = normalize(u_eye - v_place);
    float facing = clamp(dot(n, to_eye), 0.0, 1.0);
    float edge = pow(1.0 - facing, 3.0);
    if (u_look == 2) {  // blackout: an outline, no light
        vec3 line = vec3(0.020) + vec3(0.30, 0.29, 0.36) * smoothstep(0.45, 0.9, 1.0 - facing);
        o_colour = vec4(pow(line, vec3(1.0 / 2.2)), 1.0);
        return;
    }
    if (u_look == 3) {  // ghost: light at the edges, hardly there in the middle
        vec3 glow = mix(u_accent, vec3(1.0), 0.18) * (0.55 + 0.45 * facing * facing + 1.2 * edge) + vec3(0.40) * edge;
        o_colour = vec4(pow(glow, vec3(1.0 / 2.2)), clamp(0.30 + 0.9 * edge, 0.0, 0.95));
        return;
    }
    vec3 ahead = normalize(vec3(to_eye.x, 0.0, to_eye.z) + vec3(1e-5));
    vec3 key = normalize(0.95 * u_right + 0.40 * ahead + vec3(0.0, 0.85, 0.0));
    vec3 fill = normalize(-0.9 * u_right + 0.3 * ahead + vec3(0.0, 0.1, 0.0));
    float sky = 0.5 + 0.5 * n.y;
    float lit = clamp(0.92 * dot(n, key) + 0.08, 0.0, 1.0);
    float near_floor = 0.6 + 0.4 * smoothstep(0.0, 0.7, v_place.y);
    vec3 light = mix(vec3(0.05, 0.05, 0.06), vec3(0.26, 0.28, 0.33), sky) * near_floor
        + vec3(3.0, 2.88, 2.7) * lit
        + vec3(0.30, 0.36, 0.50) * clamp(dot(n, fill), 0.0, 1.0);
    vec3 half_way = normalize(key + to_eye);
    float shine = pow(clamp(dot(n, half_way), 0.0, 1.0), 26.0) * 0.16;
    // Two coloured lamps behind the dancer draw the edge in the expert's colour.
    float behind = smoothstep(0.38, 0.95, 1.0 - facing) * (0.35 + 0.65 * abs(dot(n, u_right)));
    vec3 colour = v_paint.rgb * light + shine + u_accent * (2.2 * behind + v_paint.a * (0.5 + 0.8 * edge));
    if (u_look == 1) {  // frozen: frost
        float grey = dot(colour, vec3(0.25, 0.6, 0.15));
        colour = mix(vec3(grey), vec3(0.35, 0.62, 0.80), 0.30) + vec3(0.30, 0.52, 0.66) * (edge + 0.12 * sky);
    }
    colour = colour / (1.0 + 0.25 * colour);
    o_colour = vec4(pow(colour, vec3(1.0 / 2.2)), 1.0);
}
"""

FLOOR_REACH_M = 7.0

FLOOR_VERTEX = f"""
in vec2 a_corner;
uniform mat4 u_camera;
uniform vec2 u_middle;
out vec2 v_floor;

void main() {{
    v_floor = u_middle + {FLOOR_REACH_M} * a_corner;
    gl_Position = u_camera * vec4(v_floor.x, 0.0, v_floor.y, 1.0);
}}
"""

_COUNT = len(SEGMENTS)

FLOOR_FRAGMENT = f"""
in vec2 v_floor;
uniform vec2 u_middle;
uniform vec3 u_background;
uniform vec3 u_accent;
uniform vec3 u_tint;
uniform vec4 u_segments[{2 * _COUNT}];
uniform float u_shadow_m;
uniform float u_line;
uniform vec3 u_contacts[4];
out vec4 o_colour;

// Lines of half metres, every other one brighter; they fade where they run together.
float grid(vec2 place) {{
    vec2 width = u_line * fwidth(place);
    vec2 cell = floor(2.0 * place + 0.5);
    vec2 line = clamp(1.3 - abs(place - 0.5 * cell) / width, 0.0, 1.0) * clamp(0.15 / width, 0.0, 1.0);
    line *= 1.0 - 0.45 * abs(cell - 2.0 * floor(0.5 * cell));
    return max(line.x, line.y);
}}

vec3 contacts(vec2 place) {{
    vec3 light = vec3(0.0);
    for (int i = 0; i < 4; i++) {{
        float from = length(place - u_contacts[i].xy);
        float disc = 1.0 - smoothstep(0.035, 0.06, from);
        float ring = 1.0 - smoothstep(0.004, 0.010, abs(from - 0.075));
        float halo = exp(-from * from / 0.03);
        vec3 bright = mix(u_accent, vec3(1.0), 0.45) * max(0.75 * disc, 0.85 * ring);
        light += u_contacts[i].z * (bright + 0.22 * halo * u_accent);
    }}
    return light;
}}

float shadow(vec2 place) {{
    float open = 1.0;
    for (int i = 0; i < {_COUNT}; i++) {{
        vec4 start = u_segments[2 * i], end = u_segments[2 * i + 1];
        vec2 axis = end.xz - start.xz;
        float along = clamp(dot(place - start.xz, axis) / max(dot(axis, axis), 1e-6), 0.0, 1.0);
        float height = max(mix(start.y, end.y, along), 0.0);
        float soft = 0.03 + 0.20 * height;
        float radius = start.w;
        float away = length(place - start.xz - along * axis);
        float covered = 1.0 - smoothstep(radius - soft, radius + soft, away);
        open *= 1.0 - 0.62 * covered / (1.0 + 1.4 * height);
    }}
    return open;
}}

void main() {{
    vec2 off = v_floor - u_middle;
    float away_sq = dot(off, off);
    float edge = clamp(1.0 - away_sq / {FLOOR_REACH_M**2}, 0.0, 1.0);
    float wide = edge * edge / (1.0 + away_sq / 9.0);
    float light = edge / (1.0 + away_sq / 4.0);
    light *= light;
    float open = 1.0;
    vec3 bright = vec3(0.0);
    if (away_sq < u_shadow_m * u_shadow_m) {{
        open = shadow(v_floor);
        bright = contacts(v_floor);
    }}
    float lines = grid(v_floor);
    vec3 floor_light = (vec3(0.105, 0.11, 0.125) + 0.035 * u_accent) * light * open;
    vec3 colour = u_background + floor_light + lines * wide * (0.35 + 0.65 * open) * u_tint + bright;
    // A little noise keeps the dark gradients from banding.
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    o_colour = vec4(colour + (noise - 0.5) / 255.0, 1.0);
}}
"""
