# Written by adgen from examples.predator_prey.  Edit the original, then run `adgen build`.
# adgen: rules 25c48d288889a635 text 0a986dab72fdf059
# adgen: examples.predator_prey:misfit source 9e27fbc0d06a9a6a options 0cc4102b3bb5e85c
import math
import numpy as np


def misfit_value_and_grad(theta, hares, lynxes, steps_per_year):
    """Value and gradient of `misfit` (predator_prey.py:37) with respect to `theta`, reverse mode."""
    t1 = np.exp(theta[0])
    t2 = np.exp(theta[1])
    t3 = np.exp(theta[2])
    delta = np.exp(theta[3])
    t4 = np.exp(theta[4])
    lynx = np.exp(theta[5])
    h = 1.0 / steps_per_year
    t5 = hares.size
    hare, lynx1, total = t4, lynx, 0.0
    lynx2_tape = np.empty((t5, max(steps_per_year, 0)))
    hare1_tape = np.empty((t5, max(steps_per_year, 0)))
    hare3_tape = np.empty(t5)
    t64_tape = np.empty(t5)
    lynx4_tape = np.empty(t5)
    t68_tape = np.empty(t5)
    for year in range(t5):
        t6 = year > 0
        if t6:
            for step in range(steps_per_year):
                hare1_tape[year, step] = hare
                lynx2_tape[year, step] = lynx1
                t7 = t2 * lynx1
                t8 = t1 - t7
                t9 = hare * t8
                t10 = delta * hare
                t11 = t10 - t3
                b1 = lynx1 * t11
                t12 = 0.5 * h
                t13 = t12 * t9
                t14 = hare + t13
                t15 = 0.5 * h
                t16 = t15 * b1
                t17 = lynx1 + t16
                t18 = t2 * t17
                t19 = t1 - t18
                t20 = t14 * t19
                t21 = delta * t14
                t22 = t21 - t3
                b2 = t17 * t22
                t23 = 0.5 * h
                t24 = t23 * t20
                t25 = hare + t24
                t26 = 0.5 * h
                t27 = t26 * b2
                t28 = lynx1 + t27
                t29 = t2 * t28
                t30 = t1 - t29
                t31 = t25 * t30
                t32 = delta * t25
                t33 = t32 - t3
                b3 = t28 * t33
                t34 = h * t31
                t35 = hare + t34
                t36 = h * b3
                t37 = lynx1 + t36
                t38 = t2 * t37
                t39 = t1 - t38
                t40 = delta * t35
                t41 = t40 - t3
                b4 = t37 * t41
                t42 = h / 6.0
                t43 = t9 + 2.0 * t20
                hare += t42 * (t43 + 2.0 * t31 + t35 * t39)
                t44 = h / 6.0
                t45 = b1 + 2.0 * b2
                lynx1 += t44 * (t45 + 2.0 * b3 + b4)
        lynx4_tape[year] = lynx1
        hare3_tape[year] = hare
        t46 = hares[year]
        t47 = hare / t46
        t48 = math.log(t47)
        t64_tape[year] = t48
        t49 = lynxes[year]
        t50 = lynx1 / t49
        t51 = math.log(t50)
        t68_tape[year] = t51
        total += t48 ** 2 + t51 ** 2
    hare_bar, lynx_bar = 0.0, 0.0
    t52 = 0.0
    t53 = 0.0
    delta_bar = 0.0
    t54 = 0.0
    for year in range(t5 - 1, -1, -1):
        t51 = t68_tape[year]
        t48 = t64_tape[year]
        lynx1 = lynx4_tape[year]
        hare = hare3_tape[year]
        t49 = lynxes[year]
        t50 = lynx1 / t49
        # line 47: total += math.log(hare / hares[year]) ** 2 + math.log(lynx / lynxes[year]) ** 2
        lynx_bar += t51 / t50 / t49
        t46 = hares[year]
        t47 = hare / t46
        # line 47: total += math.log(hare / hares[year]) ** 2 + math.log(lynx / lynxes[year]) ** 2
        hare_bar += t48 / t47 / t46
        t6 = year > 0
        if t6:
            for step in range(steps_per_year - 1, -1, -1):
                lynx1 = lynx2_tape[year, step]
                hare = hare1_tape[year, step]
                t44 = h / 6.0
                # line 33 of runge_kutta_step: lynx += h / 6.0 * (b1 + 2.0 * b2 + 2.0 * b3 + b4)
                b1_bar = lynx_bar * t44
                b3_bar = 2.0 * b1_bar
                b2_bar = 2.0 * b1_bar
                t42 = h / 6.0
                # line 32 of runge_kutta_step: hare += h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
                t55 = hare_bar * t42
                t56 = 2.0 * t55
                t57 = 2.0 * t55
                t23 = 0.5 * h
                t12 = 0.5 * h
                t7 = t2 * lynx1
                t8 = t1 - t7
                t9 = hare * t8
                t13 = t12 * t9
                t14 = hare + t13
                t15 = 0.5 * h
                t10 = delta * hare
                t11 = t10 - t3
                b1 = lynx1 * t11
                t16 = t15 * b1
                t17 = lynx1 + t16
                t18 = t2 * t17
                t19 = t1 - t18
                t20 = t14 * t19
                t24 = t23 * t20
                t25 = hare + t24
                t26 = 0.5 * h
                t21 = delta * t14
                t22 = t21 - t3
                b2 = t17 * t22
                t27 = t26 * b2
                t28 = lynx1 + t27
                t29 = t2 * t28
                t30 = t1 - t29
                t31 = t25 * t30
                t34 = h * t31
                t35 = hare + t34
                t40 = delta * t35
                t41 = t40 - t3
                t32 = delta * t25
                t33 = t32 - t3
                b3 = t28 * t33
                t36 = h * b3
                t37 = lynx1 + t36
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t58 = b1_bar * t37
                t38 = t2 * t37
                t39 = t1 - t38
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t59 = t58 * delta + t55 * t39
                t60 = t55 * t35
                t61 = b1_bar * t41 - t60 * t2
                # line 31 of runge_kutta_step: a4, b4 = rates(hare + h * a3, lynx + h * b3, alph ...
                b3_bar += t61 * h
                t56 += t59 * h
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t62 = b3_bar * t28
                t63 = t62 * delta + t56 * t30
                t64 = t56 * t25
                t65 = b3_bar * t33 - t64 * t2
                # line 30 of runge_kutta_step: a3, b3 = rates(hare + 0.5 * h * a2, lynx + 0.5 * ...
                b2_bar += t65 * t26
                t57 += t63 * t23
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t66 = b2_bar * t17
                delta_bar += t58 * t35 + t62 * t25 + t66 * t14
                t67 = t66 * delta + t57 * t19
                t68 = t57 * t14
                t52 -= t60 * t37 + t64 * t28 + t68 * t17
                t69 = b2_bar * t22 - t68 * t2
                # line 29 of runge_kutta_step: a2, b2 = rates(hare + 0.5 * h * a1, lynx + 0.5 * ...
                b1_bar += t69 * t15
                t55 += t67 * t12
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t70 = b1_bar * lynx1
                t54 -= t58 + t62 + t66 + t70
                delta_bar += t70 * hare
                # line 31 of runge_kutta_step: a4, b4 = rates(hare + h * a3, lynx + h * b3, alph ...
                hare_bar += t59 + t63 + t67 + t70 * delta + t55 * t8
                # line 23 of rates: return hare * (alpha - beta * lynx), lynx * (delta * hare - ...
                t71 = t55 * hare
                t53 += t60 + t64 + t68 + t71
                t52 -= t71 * lynx1
                # line 31 of runge_kutta_step: a4, b4 = rates(hare + h * a3, lynx + h * b3, alph ...
                lynx_bar += t61 + t65 + t69 + b1_bar * t11 - t71 * t2
    # line 40: hare, lynx = np.exp(theta[4]), np.exp(theta[5])
    theta_bar = np.zeros_like(theta)
    theta_bar[5] += lynx_bar * lynx
    theta_bar[4] += hare_bar * t4
    # line 39: alpha, beta, gamma, delta = np.exp(theta[0]), np.exp(theta[1]), np.exp(theta[2]), ...
    theta_bar[3] += delta_bar * delta
    theta_bar[2] += t54 * t3
    theta_bar[1] += t52 * t2
    theta_bar[0] += t53 * t1
    return 0.5 * total, theta_bar
