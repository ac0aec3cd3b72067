"""Hand tracking (ADBench): misfit of a skinned skeleton's surface to measured points, over the angles of its joints.

The model is made up, but has the shape of a hand: a wrist and five chains of four bones, vertices around them, each
moved by a few bones.  The pose is three rotations and three shifts of the whole, then for each finger four angles.
"""

import math

import numpy as np

ARGNUMS = "pose"
SIZES = {"small": (60, 50), "medium": (544, 200), "large": (5000, 5000)}  # vertices, measured points
BONES = 21
FINGERS = 5


def sample(size, rng):
    vertices, points = size
    parents = np.array([-1] + [bone - 1 if (bone - 1) % 4 else 0 for bone in range(1, BONES)])
    rest = np.zeros((BONES, 4, 4))
    for bone in range(BONES):
        rest[bone] = np.eye(4)
        rest[bone, :3, 3] = (0.3 * ((bone - 1) // 4 - 2), 1.0, 0.0) if (bone - 1) % 4 == 0 else (0.0, 0.4, 0.05)
    weights = np.zeros((vertices, BONES))
    for v in range(vertices):
        weights[v, rng.integers(0, BONES, 2)] = rng.random(2) + 0.1
    weights /= np.sum(weights, axis=1, keepdims=True)
    surface = np.column_stack((rng.standard_normal((vertices, 3)), np.ones(vertices)))
    matches = rng.integers(0, vertices, points)
    pose = 0.3 * rng.standard_normal(6 + 4 * FINGERS)
    return pose, parents, rest, weights, surface, matches, 2.0 * rng.standard_normal((points, 3))


def rotation(x, y, z):
    """About the axes x, y and z in turn, as a 4 by 4 matrix."""
    r = np.zeros((4, 4))
    cx, sx, cy, sy, cz, sz = math.cos(x), math.sin(x), math.cos(y), math.sin(y), math.cos(z), math.sin(z)
    r[0, 0], r[0, 1], r[0, 2] = cy * cz, -cx * sz + sx * sy * cz, sx * sz + cx * sy * cz
    r[1, 0], r[1, 1], r[1, 2] = cy * sz, cx * cz + sx * sy * sz, -sx * cz + cx * sy * sz
    r[2, 0], r[2, 1], r[2, 2] = -sy, sx * cy, cx * cy
    r[3, 3] = 1.0
    return r


def product(a, b):
    c = np.zeros((4, 4))
    for i in range(4):
        for j in range(4):
            for k in range(4):
                c[i, j] += a[i, k] * b[k, j]
    return c


def objective(pose, parents, rest, weights, surface, matches, measured):
    placed = np.zeros((BONES, 4, 4))
    placed[0] = rotation(pose[0], pose[1], pose[2])
    for bone in range(1, BONES):
        first = 6 + 4 * ((bone - 1) // 4)
        joint = (bone - 1) % 4
        if joint == 0:
            turned = rotation(pose[first], 0.0, pose[first + 1])
        elif joint == 3:
            turned = rotation(0.7 * pose[first + 3], 0.0, 0.0)
        else:
            turned = rotation(pose[first + 1 + joint], 0.0, 0.0)
        placed[bone] = product(placed[parents[bone]], product(rest[bone], turned))
    misfit = 0.0
    for i in range(matches.size):
        vertex = matches[i]
        for a in range(3):
            place = pose[3 + a]
            for bone in range(BONES):
                if weights[vertex, bone] != 0.0:
                    for b in range(4):
                        place += weights[vertex, bone] * placed[bone, a, b] * surface[vertex, b]
            misfit += (place - measured[i, a]) ** 2
    return misfit


def functional(xp, scan, pose, parents, rest, weights, surface, matches, measured):
    def rotation(x, y, z):
        cx, sx, cy, sy, cz, sz = xp.cos(x), xp.sin(x), xp.cos(y), xp.sin(y), xp.cos(z), xp.sin(z)
        zero, one = 0.0 * x, 0.0 * x + 1.0
        rows = [
            xp.stack([cy * cz, -cx * sz + sx * sy * cz, sx * sz + cx * sy * cz, zero]),
            xp.stack([cy * sz, cx * cz + sx * sy * sz, -sx * cz + cx * sy * sz, zero]),
            xp.stack([-sy, sx * cy, cx * cy, zero]),
            xp.stack([zero, zero, zero, one]),
        ]
        return xp.stack(rows)

    zero = 0.0 * pose[0]
    placed = [rotation(pose[0], pose[1], pose[2])]
    for bone in range(1, BONES):
        first, joint = 6 + 4 * ((bone - 1) // 4), (bone - 1) % 4
        if joint == 0:
            turned = rotation(pose[first], zero, pose[first + 1])
        else:
            turned = rotation(0.7 * pose[first + 3] if joint == 3 else pose[first + 1 + joint], zero, zero)
        placed.append(placed[bone - 1 if joint else 0] @ rest[bone] @ turned)
    bones = xp.stack(placed)[:, :3]
    moved = xp.einsum("vn,nab,vb->va", weights[matches], bones, surface[matches])
    return xp.sum((moved + pose[3:6] - measured) ** 2)


def by_hand(pose, parents, rest, weights, surface, matches, measured):
    pose_bar = np.zeros_like(pose)
    placed, placed_bar = np.zeros((BONES, 3, 4)), np.zeros((BONES, 3, 4))
    still, turns = np.empty((BONES, 3, 4)), np.empty((BONES, 3))  # without the joint's own rotation; its angles
    now, now_bar, slopes = np.empty((3, 3)), np.empty((3, 3)), np.empty(3)
    for bone in range(BONES):
        angles_of(bone, pose, turns[bone])
        rotate(turns[bone, 0], turns[bone, 1], turns[bone, 2], now)
        if bone == 0:
            for i in range(3):
                for j in range(4):
                    still[0, i, j] = 1.0 if i == j else 0.0
        else:
            up, fixed = placed[parents[bone]], rest[bone]
            for i in range(3):
                for j in range(4):
                    s = up[i, 3] if j == 3 else 0.0
                    for k in range(3):
                        s += up[i, k] * fixed[k, j]
                    still[bone, i, j] = s
        for i in range(3):
            placed[bone, i, 3] = still[bone, i, 3]
            for j in range(3):
                s = 0.0
                for k in range(3):
                    s += still[bone, i, k] * now[k, j]
                placed[bone, i, j] = s
    for i in range(matches.size):
        vertex = matches[i]
        x, y, z = pose[3], pose[4], pose[5]
        p, q, r, w = surface[vertex, 0], surface[vertex, 1], surface[vertex, 2], surface[vertex, 3]
        for bone in range(BONES):
            weight = weights[vertex, bone]
            if weight != 0.0:
                m = placed[bone]
                x += weight * (m[0, 0] * p + m[0, 1] * q + m[0, 2] * r + m[0, 3] * w)
                y += weight * (m[1, 0] * p + m[1, 1] * q + m[1, 2] * r + m[1, 3] * w)
                z += weight * (m[2, 0] * p + m[2, 1] * q + m[2, 2] * r + m[2, 3] * w)
        x, y, z = 2.0 * (x - measured[i, 0]), 2.0 * (y - measured[i, 1]), 2.0 * (z - measured[i, 2])
        pose_bar[3] += x
        pose_bar[4] += y
        pose_bar[5] += z
        for bone in range(BONES):
            weight = weights[vertex, bone]
            if weight != 0.0:
                m_bar = placed_bar[bone]
                for a in range(3):
                    scaled = weight * (x if a == 0 else y if a == 1 else z)
                    m_bar[a, 0] += scaled * p
                    m_bar[a, 1] += scaled * q
                    m_bar[a, 2] += scaled * r
                    m_bar[a, 3] += scaled * w
    for bone in range(BONES - 1, -1, -1):
        rotate(turns[bone, 0], turns[bone, 1], turns[bone, 2], now)
        for k in range(3):
            for j in range(3):
                s = 0.0
                for i in range(3):
                    s += still[bone, i, k] * placed_bar[bone, i, j]
                now_bar[k, j] = s
        unrotate(turns[bone, 0], turns[bone, 1], turns[bone, 2], now_bar, slopes)
        give_angles(bone, slopes, pose_bar)
        if bone > 0:
            fixed, up_bar = rest[bone], placed_bar[parents[bone]]
            for i in range(3):
                for j in range(4):
                    s = placed_bar[bone, i, 3] if j == 3 else 0.0
                    if j < 3:
                        for k in range(3):
                            s += placed_bar[bone, i, k] * now[j, k]
                    for k in range(3):
                        up_bar[i, k] += s * fixed[k, j]
                    if j == 3:
                        up_bar[i, 3] += s
    return pose_bar


def angles_of(bone, pose, angles):
    if bone == 0:
        angles[0], angles[1], angles[2] = pose[0], pose[1], pose[2]
        return
    first, joint = 6 + 4 * ((bone - 1) // 4), (bone - 1) % 4
    angles[1] = angles[2] = 0.0
    if joint == 0:
        angles[0], angles[2] = pose[first], pose[first + 1]
    elif joint == 3:
        angles[0] = 0.7 * pose[first + 3]
    else:
        angles[0] = pose[first + 1 + joint]


def give_angles(bone, slopes, pose_bar):
    if bone == 0:
        for a in range(3):
            pose_bar[a] += slopes[a]
        return
    first, joint = 6 + 4 * ((bone - 1) // 4), (bone - 1) % 4
    if joint == 0:
        pose_bar[first] += slopes[0]
        pose_bar[first + 1] += slopes[2]
    elif joint == 3:
        pose_bar[first + 3] += 0.7 * slopes[0]
    else:
        pose_bar[first + 1 + joint] += slopes[0]


def rotate(x, y, z, r):
    cx, sx, cy, sy, cz, sz = math.cos(x), math.sin(x), math.cos(y), math.sin(y), math.cos(z), math.sin(z)
    r[0, 0], r[0, 1], r[0, 2] = cy * cz, -cx * sz + sx * sy * cz, sx * sz + cx * sy * cz
    r[1, 0], r[1, 1], r[1, 2] = cy * sz, cx * cz + sx * sy * sz, -sx * cz + cx * sy * sz
    r[2, 0], r[2, 1], r[2, 2] = -sy, sx * cy, cx * cy


def unrotate(x, y, z, r, slopes):
    """The slopes of the three angles, given the adjoint `r` of the rotation."""
    cx, sx, cy, sy, cz, sz = math.cos(x), math.sin(x), math.cos(y), math.sin(y), math.cos(z), math.sin(z)
    slopes[0] = (
        r[0, 1] * (sx * sz + cx * sy * cz)
        + r[0, 2] * (cx * sz - sx * sy * cz)
        + r[1, 1] * (cx * sy * sz - sx * cz)
        - r[1, 2] * (cx * cz + sx * sy * sz)
        + r[2, 1] * cx * cy
        - r[2, 2] * sx * cy
    )
    slopes[1] = (
        cz * (cy * (sx * r[0, 1] + cx * r[0, 2]) - sy * r[0, 0])
        + sz * (cy * (sx * r[1, 1] + cx * r[1, 2]) - sy * r[1, 0])
        - cy * r[2, 0]
        - sy * (sx * r[2, 1] + cx * r[2, 2])
    )
    slopes[2] = (
        -r[0, 0] * cy * sz
        - r[0, 1] * (cx * cz + sx * sy * sz)
        + r[0, 2] * (sx * cz - cx * sy * sz)
        + r[1, 0] * cy * cz
        + r[1, 1] * (sx * sy * cz - cx * sz)
        + r[1, 2] * (sx * sz + cx * sy * cz)
    )
