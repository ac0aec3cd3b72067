"""Bundle adjustment (ADBench): reprojection errors of points seen by cameras, and their sparse Jacobian.

A camera is a rotation vector, a centre, a focal length, a principal point and two radial distortions.  Each row of the
Jacobian depends on one camera, one point and one weight.  So cameras and points are handed over one for each
observation, and the gradient of the sum of all first errors holds all first rows, that of the second errors the second.
"""

import math

import numpy as np

import adgen

ARGNUMS = ("cameras", "points", "weights")
SIZES = {
    "small": (5, 100, 500),
    "medium": (49, 1000, 5000),
    "large": (49, 7776, 31843),
}  # cameras, points, observations


def sample(size, rng):
    cameras, points, observations = size
    lens = rng.standard_normal((cameras, 11)) * 0.1
    lens[:, 5] -= 6.0
    lens[:, 6] += 1.0
    places = rng.standard_normal((points, 3))
    owners = np.column_stack((rng.integers(0, cameras, observations), rng.integers(0, points, observations)))
    return lens, places, 1.0 + 0.1 * rng.standard_normal(observations), owners, rng.standard_normal((observations, 2))


def project(camera, point):
    away = np.empty(3)
    for a in range(3):
        away[a] = point[a] - camera[3 + a]
    angle = math.sqrt(camera[0] ** 2 + camera[1] ** 2 + camera[2] ** 2)
    cosine, sine = math.cos(angle), math.sin(angle)
    x, y, z = camera[0] / angle, camera[1] / angle, camera[2] / angle
    along = (x * away[0] + y * away[1] + z * away[2]) * (1.0 - cosine)
    u = away[0] * cosine + (y * away[2] - z * away[1]) * sine + x * along
    v = away[1] * cosine + (z * away[0] - x * away[2]) * sine + y * along
    depth = away[2] * cosine + (x * away[1] - y * away[0]) * sine + z * along
    u, v = u / depth, v / depth
    r2 = u * u + v * v
    zoom = camera[6] * (1.0 + camera[9] * r2 + camera[10] * r2 * r2)
    return u * zoom + camera[7], v * zoom + camera[8]


def objective(cameras, points, weights, owners, features):
    errors = np.empty(features.shape)
    for i in range(owners.shape[0]):
        u, v = project(cameras[owners[i, 0]], points[owners[i, 1]])
        errors[i, 0] = weights[i] * (u - features[i, 0])
        errors[i, 1] = weights[i] * (v - features[i, 1])
    return errors


def combined(cameras, points, weights, features, first, second):
    """A combination of the errors, with a camera and a point of its own for each observation."""
    total = 0.0
    for i in range(features.shape[0]):
        u, v = project(cameras[i], points[i])
        total += weights[i] * (first * (u - features[i, 0]) + second * (v - features[i, 1]))
    return total


def rows(gradient):
    """The blocks of all rows of the Jacobian, from a gradient of `combined`."""

    def jacobian(cameras, points, weights, owners, features):
        mine, seen = cameras[owners[:, 0]], points[owners[:, 1]]
        return *gradient(mine, seen, weights, features, 1.0, 0.0), *gradient(mine, seen, weights, features, 0.0, 1.0)

    return jacobian


def sums(cameras, points, weights, features):
    """The sums of all first and of all second errors, with a camera and a point of its own for each observation."""
    first, second = 0.0, 0.0
    for i in range(features.shape[0]):
        u, v = project(cameras[i], points[i])
        first += weights[i] * (u - features[i, 0])
        second += weights[i] * (v - features[i, 1])
    return first, second


def derivative(**options):
    both = adgen.jacrev(sums, ARGNUMS, **options)

    def jacobian(cameras, points, weights, owners, features):
        mine, seen = cameras.take(owners[:, 0], axis=0), points.take(owners[:, 1], axis=0)
        first, second = both(mine, seen, weights, features)
        return *first, *second

    return jacobian


def along(blocks, directions, arguments):
    """What the errors change by along the directions of cameras, points and weights."""
    cameras_dot, points_dot, weights_dot = directions
    owners = arguments[3]
    changes = [
        np.sum(camera * cameras_dot[owners[:, 0]], 1) + np.sum(point * points_dot[owners[:, 1]], 1) + one * weights_dot
        for camera, point, one in (blocks[:3], blocks[3:])
    ]
    return np.stack(changes, axis=1)


def functional(xp, scan, cameras, points, weights, features, first, second):
    away = points - cameras[:, 3:6]
    angle = xp.sqrt(xp.sum(cameras[:, :3] ** 2, axis=1))
    cosine, sine = xp.cos(angle), xp.sin(angle)
    x, y, z = cameras[:, 0] / angle, cameras[:, 1] / angle, cameras[:, 2] / angle
    p, q, r = away[:, 0], away[:, 1], away[:, 2]
    along = (x * p + y * q + z * r) * (1.0 - cosine)
    depth = r * cosine + (x * q - y * p) * sine + z * along
    u = (p * cosine + (y * r - z * q) * sine + x * along) / depth
    v = (q * cosine + (z * p - x * r) * sine + y * along) / depth
    r2 = u * u + v * v
    zoom = cameras[:, 6] * (1.0 + cameras[:, 9] * r2 + cameras[:, 10] * r2 * r2)
    u, v = u * zoom + cameras[:, 7] - features[:, 0], v * zoom + cameras[:, 8] - features[:, 1]
    return xp.sum(weights * (first * u + second * v))


def by_hand(cameras, points, weights, owners, features):
    n = owners.shape[0]
    camera_u, camera_v = np.empty((n, 11)), np.empty((n, 11))
    point_u, point_v = np.empty((n, 3)), np.empty((n, 3))
    weight_u, weight_v = np.empty(n), np.empty(n)
    for i in range(n):
        camera = cameras[owners[i, 0]]
        point = points[owners[i, 1]]
        a, b, c = point[0] - camera[3], point[1] - camera[4], point[2] - camera[5]
        angle = math.sqrt(camera[0] ** 2 + camera[1] ** 2 + camera[2] ** 2)
        cosine, sine = math.cos(angle), math.sin(angle)
        inverse = 1.0 / angle
        x, y, z = camera[0] * inverse, camera[1] * inverse, camera[2] * inverse
        versine = 1.0 - cosine
        dot = x * a + y * b + z * c
        cross_x, cross_y, cross_z = y * c - z * b, z * a - x * c, x * b - y * a
        depth = c * cosine + cross_z * sine + z * dot * versine
        over = 1.0 / depth
        u = (a * cosine + cross_x * sine + x * dot * versine) * over
        v = (b * cosine + cross_y * sine + y * dot * versine) * over
        r2 = u * u + v * v
        bend = 1.0 + camera[9] * r2 + camera[10] * r2 * r2
        focal, weight = camera[6], weights[i]
        weight_u[i] = u * bend * focal + camera[7] - features[i, 0]
        weight_v[i] = v * bend * focal + camera[8] - features[i, 1]
        slope = 2.0 * (camera[9] + 2.0 * camera[10] * r2)
        for row in range(2):
            w, camera_bar, point_bar = (u, camera_u[i], point_u[i]) if row == 0 else (v, camera_v[i], point_v[i])
            camera_bar[6] = weight * w * bend
            camera_bar[7] = weight if row == 0 else 0.0
            camera_bar[8] = weight if row == 1 else 0.0
            camera_bar[9] = weight * focal * w * r2
            camera_bar[10] = camera_bar[9] * r2
            scale = weight * focal
            p = scale * (slope * w * u + (bend if row == 0 else 0.0)) * over
            q = scale * (slope * w * v + (bend if row == 1 else 0.0)) * over
            s = -(p * u + q * v)
            # (p, q, s) is the adjoint of the rotated point: rotate it back
            along = p * x + q * y + s * z
            away_x = p * cosine - (y * s - z * q) * sine + x * along * versine
            away_y = q * cosine - (z * p - x * s) * sine + y * along * versine
            away_z = s * cosine - (x * q - y * p) * sine + z * along * versine
            point_bar[0], point_bar[1], point_bar[2] = away_x, away_y, away_z
            camera_bar[3], camera_bar[4], camera_bar[5] = -away_x, -away_y, -away_z
            turn = p * cross_x + q * cross_y + s * cross_z
            angle_bar = turn * cosine + (along * dot - (p * a + q * b + s * c)) * sine
            x_bar = sine * (b * s - c * q) + versine * (p * dot + along * a)
            y_bar = sine * (c * p - a * s) + versine * (q * dot + along * b)
            z_bar = sine * (a * q - b * p) + versine * (s * dot + along * c)
            radial = angle_bar - (x_bar * x + y_bar * y + z_bar * z) * inverse
            camera_bar[0] = x_bar * inverse + radial * x
            camera_bar[1] = y_bar * inverse + radial * y
            camera_bar[2] = z_bar * inverse + radial * z
    return camera_u, point_u, weight_u, camera_v, point_v, weight_v
