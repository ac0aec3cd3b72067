# Written by adgen from examples.predator_prey.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 3758aea169fede55
# adgen: examples.predator_prey:misfit source 9e27fbc0d06a9a6a options 0cc4102b3bb5e85c
import math
import numpy as np


def misfit_value_and_grad(theta, hares, lynxes, steps_per_year):
    """Value and gradient of `misfit` (predator_prey.py:37) with respect to `theta`, reverse mode."""
    alpha = np.exp(theta[0])
    beta = np.exp(theta[1])
    gamma = np.exp(theta[2])
    delta = np.exp(theta[3])
    hare = np.exp(theta[4])
    lynx = np.exp(theta[5])
    h = 1.0 / steps_per_year
    t1 = hares.size
    hare1, lynx1, total = hare, lynx, 0.0
    lynx1_tape = np.empty((t1, max(steps_per_year, 0)))
    hare1_tape = np.empty((t1, max(steps_per_year, 0)))
    hare1_tape1 = np.empty(t1)
    t10_tape = np.empty(t1)
    lynx1_tape1 = np.empty(t1)
    t11_tape = np.empty(t1)
    for year in range(t1):
        if year > 0:
            for step in range(steps_per_year):
                hare1_tape[year, step] = hare1
                lynx1_tape[year, step] = lynx1
                a1 = hare1 * (alpha - beta * lynx1)
                b1 = lynx1 * (delta * hare1 - gamma)
                t2 = hare1 + 0.5 * h * a1
                t3 = lynx1 + 0.5 * h * b1
                a2 = t2 * (alpha - beta * t3)
                b2 = t3 * (delta * t2 - gamma)
                t4 = hare1 + 0.5 * h * a2
                t5 = lynx1 + 0.5 * h * b2
                a3 = t4 * (alpha - beta * t5)
                b3 = t5 * (delta * t4 - gamma)
                t6 = hare1 + h * a3
                t7 = lynx1 + h * b3
                a4 = t6 * (alpha - beta * t7)
                b4 = t7 * (delta * t6 - gamma)
                t8 = a1 + 2.0 * a2
                hare1 += (h / 6.0) * (t8 + 2.0 * a3 + a4)
                t9 = b1 + 2.0 * b2
                lynx1 += (h / 6.0) * (t9 + 2.0 * b3 + b4)
        lynx1_tape1[year] = lynx1
        hare1_tape1[year] = hare1
        t10 = math.log(hare1 / hares[year])
        t10_tape[year] = t10
        t11 = math.log(lynx1 / lynxes[year])
        t11_tape[year] = t11
        total += t10 ** 2 + t11 ** 2
    hare_bar, lynx_bar, beta_bar, alpha_bar, delta_bar, gamma_bar = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for year in range(t1 - 1, -1, -1):
        lynx1 = lynx1_tape1[year]
        hare1 = hare1_tape1[year]
        # line 47: total += math.log(hare / hares[year]) ** 2 + math.log(lynx / lynxes[year]) ** 2
        lynx_bar += t11_tape[year] / lynx1
        hare_bar += t10_tape[year] / hare1
        if year > 0:
            for step in range(steps_per_year - 1, -1, -1):
                lynx1 = lynx1_tape[year, step]
                hare1 = hare1_tape[year, step]
                # line 33 of runge_kutta_step: lynx += h / 6.0 * (b1 + 2.0 * b2 + 2.0 * b3 + b4)
                b1_bar = lynx_bar * h / 6.0
                # line 32 of runge_kutta_step: hare += h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
                a1_bar = hare_bar * h / 6.0
                t12 = alpha - beta * lynx1
                a1 = hare1 * t12
                t13 = hare1 + 0.5 * h * a1
                t14 = delta * hare1 - gamma
                b1 = lynx1 * t14
                t15 = lynx1 + 0.5 * h * b1
                t16 = alpha - beta * t15
                a2 = t13 * t16
                t17 = hare1 + 0.5 * h * a2
                t18 = delta * t13 - gamma
                b2 = t15 * t18
                t19 = lynx1 + 0.5 * h * b2
                t20 = alpha - beta * t19
                a3 = t17 * t20
                t21 = hare1 + h * a3
                t22 = delta * t17 - gamma
                b3 = t19 * t22
                t23 = lynx1 + h * b3
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t24_bar = b1_bar * t23
                t25_bar = t24_bar * delta + a1_bar * (alpha - beta * t23)
                t26_bar = a1_bar * t21
                t27_bar = b1_bar * (delta * t21 - gamma) - t26_bar * beta
                # line 33 of runge_kutta_step: lynx += h / 6.0 * (b1 + 2.0 * b2 + 2.0 * b3 + b4)
                b3_bar = 2.0 * b1_bar + t27_bar * h
                # line 32 of runge_kutta_step: hare += h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
                a3_bar = 2.0 * a1_bar + t25_bar * h
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t28_bar = b3_bar * t19
                t29_bar = t28_bar * delta + a3_bar * t20
                t30_bar = a3_bar * t17
                t31_bar = b3_bar * t22 - t30_bar * beta
                # line 33 of runge_kutta_step: lynx += h / 6.0 * (b1 + 2.0 * b2 + 2.0 * b3 + b4)
                b2_bar = 2.0 * b1_bar + 0.5 * t31_bar * h
                # line 32 of runge_kutta_step: hare += h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
                a2_bar = 2.0 * a1_bar + 0.5 * t29_bar * h
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t32_bar = b2_bar * t15
                delta_bar += t24_bar * t21 + t28_bar * t17 + t32_bar * t13
                t33_bar = t32_bar * delta + a2_bar * t16
                t34_bar = a2_bar * t13
                beta_bar -= t26_bar * t23 + t30_bar * t19 + t34_bar * t15
                t35_bar = b2_bar * t18 - t34_bar * beta
                # line 29 of runge_kutta_step: a2, b2 = rates(hare + 0.5 * h * a1, lynx + 0.5 * ...
                b1_bar += 0.5 * t35_bar * h
                a1_bar += 0.5 * t33_bar * h
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t36_bar = b1_bar * lynx1
                gamma_bar -= t24_bar + t28_bar + t32_bar + t36_bar
                delta_bar += t36_bar * hare1
                # line 31 of runge_kutta_step: a4, b4 = rates(hare + h * a3, lynx + h * b3, alph ...
                hare_bar += t25_bar + t29_bar + t33_bar + t36_bar * delta + a1_bar * t12
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t37_bar = a1_bar * hare1
                alpha_bar += t26_bar + t30_bar + t34_bar + t37_bar
                beta_bar -= t37_bar * lynx1
                # line 31 of runge_kutta_step: a4, b4 = rates(hare + h * a3, lynx + h * b3, alph ...
                lynx_bar += t27_bar + t31_bar + t35_bar + b1_bar * t14 - t37_bar * beta
    # line 40: hare, lynx = np.exp(theta[4]), np.exp(theta[5])
    theta_bar = np.zeros_like(theta)
    theta_bar[5] += lynx_bar * lynx
    theta_bar[4] += hare_bar * hare
    # line 39: alpha, beta, gamma, delta = np.exp(theta[0]), np.exp(theta[1]), np.exp(theta[2]), ...
    theta_bar[3] += delta_bar * delta
    theta_bar[2] += gamma_bar * gamma
    theta_bar[1] += beta_bar * beta
    theta_bar[0] += alpha_bar * alpha
    return 0.5 * total, theta_bar
