# Written by adgen from examples.cnn_digits.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text 95a408d8b9d590a9
# adgen: examples.cnn_digits:loss source 397ce70b7b917d8c options 13b336d256472c04
import numba
import numpy as np


@numba.njit(cache=True, error_model='numpy', fastmath={'reassoc', 'contract', 'nsz', 'arcp'})
def loss_value_and_grad(w1, b1, w2, b2, w3, b3, images, labels):
    """Value and gradient of `loss` (cnn_digits.py:63) with respect to `w1`, `b1`, `w2`, `b2`, `w3`, `b3`, reverse mode."""
    t1 = images.shape[0]
    total = 0.0
    total1_tape = []
    y_tape = np.empty(
        (t1, w1.shape[0], images.shape[1] - w1.shape[2] + 1, images.shape[2] - w1.shape[2] + 1)
    )
    total6_tape = []
    y1_tape = []
    k_tape = []
    y2_tape = []
    t6_tape = np.empty((t1, max(b3.shape[0], 0)))
    z_tape = []
    partition_tape = np.empty(t1)
    for n in range(t1):
        t2 = images[n : n + 1]
        size = w1.shape[2]
        y = y_tape[n]
        size1 = w2.shape[2]
        k = 0
        partition = 0.0
        for i1 in range(w1.shape[0]):
            for j in range(images.shape[1] - w1.shape[2] + 1):
                for k4 in range(images.shape[2] - w1.shape[2] + 1):
                    y[i1, j, k4] = 0
        for o in range(y.shape[0]):
            for r in range(y.shape[1]):
                for c in range(y.shape[2]):
                    total1 = b1[o]
                    for i in range(t2.shape[0]):
                        for p in range(size):
                            for q in range(size):
                                total1 += w1[o, i, p, q] * t2[i, r + p, c + q]
                    total1_tape.append(total1)
                    y[o, r, c] = max(total1, 0.0)
        y1 = np.zeros((y.shape[0], y.shape[1] // 2, y.shape[2] // 2))
        y1_tape.append(y1)
        for i in range(y1.shape[0]):
            for r in range(y1.shape[1]):
                for c in range(y1.shape[2]):
                    t3 = 2 * r
                    upper = max(y[i, t3, 2 * c], y[i, 2 * r, 2 * c + 1])
                    t4 = 2 * r + 1
                    t5 = 2 * c
                    lower = max(y[i, t4, t5], y[i, 2 * r + 1, 2 * c + 1])
                    y1[i, r, c] = max(upper, lower)
        y2 = np.zeros((w2.shape[0], y1.shape[1] - size1 + 1, y1.shape[2] - size1 + 1))
        y2_tape.append(y2)
        for o in range(y2.shape[0]):
            for r in range(y2.shape[1]):
                for c in range(y2.shape[2]):
                    total6 = b2[o]
                    for i in range(y1.shape[0]):
                        for p in range(size1):
                            for q in range(size1):
                                total6 += w2[o, i, p, q] * y1[i, r + p, c + q]
                    total6_tape.append(total6)
                    y2[o, r, c] = max(total6, 0.0)
        z = np.copy(b3)
        z_tape.append(z)
        for i in range(y2.shape[0]):
            for r in range(y2.shape[1]):
                for c in range(y2.shape[2]):
                    k_tape.append(k)
                    for digit in range(z.size):
                        z[digit] += w3[k, digit] * y2[i, r, c]
                    k += 1
        top = z[0]
        for digit in range(1, z.size):
            top = max(top, z[digit])
        for digit in range(z.size):
            t6 = np.exp(z[digit] - top)
            t6_tape[n, digit] = t6
            partition += t6
            total -= labels[n, digit] * z[digit]
        partition_tape[n] = partition
        total += top + np.log(partition)
    t7 = images.shape[0]
    # line 76: return total / images.shape[0]
    total_bar = 1.0 / t7
    b1_bar = np.zeros_like(b1)
    w1_bar = np.zeros_like(w1)
    b2_bar = np.zeros_like(b2)
    w2_bar = np.zeros_like(w2)
    b3_bar = np.zeros_like(b3)
    w3_bar = np.zeros_like(w3)
    z_bar = np.empty(b3.shape[0])
    y_bar = np.empty(
        (
            w1.shape[0],
            max(images.shape[1] - w1.shape[2] + 1, 0),
            max(images.shape[2] - w1.shape[2] + 1, 0),
        )
    )
    for n in range(t1 - 1, -1, -1):
        partition = partition_tape[n]
        z = z_tape.pop()
        y2 = y2_tape.pop()
        y1 = y1_tape.pop()
        y = y_tape[n]
        # line 75: total += top + np.log(partition)
        partition_bar = total_bar / partition
        for i1 in range(b3.shape[0]):
            z_bar[i1] = 0.0
        for digit in range(z.size):
            # line 74: total -= labels[n, digit] * z[digit]
            z_bar[digit] += partition_bar * t6_tape[n, digit] - total_bar * labels[n, digit]
        y2_bar = np.zeros_like(y2)
        for i in range(y2.shape[0] - 1, -1, -1):
            for r in range(y2.shape[1] - 1, -1, -1):
                for c in range(y2.shape[2] - 1, -1, -1):
                    k = k_tape.pop()
                    for digit in range(z.size):
                        # line 58 of scores: z[digit] += w3[k, digit] * x[i, r, c]
                        y2_bar[i, r, c] += z_bar[digit] * w3[k, digit]
                        w3_bar[k, digit] += z_bar[digit] * y2[i, r, c]
        # line 52 of scores: z = b3.copy()
        for i1 in range(b3.shape[0]):
            b3_bar[i1] += z_bar[i1]
        y1_bar = np.zeros_like(y1)
        for o in range(y2.shape[0] - 1, -1, -1):
            for r in range(y2.shape[1] - 1, -1, -1):
                for c in range(y2.shape[2] - 1, -1, -1):
                    total6 = total6_tape.pop()
                    # line 33 of convolve: y[o, r, c] = max(total, 0.0)
                    t8_bar = y2_bar[o, r, c]
                    y2_bar[o, r, c] = 0.0
                    total6_bar = t8_bar * (0.5 * (total6 >= 0.0) + 0.5 * (total6 > 0.0))
                    for i in range(y1.shape[0]):
                        size1 = w2.shape[2]
                        for p in range(size1):
                            for q in range(size1):
                                # line 32 of convolve: total += w[o, i, p, q] * x[i, r + p, c + q]
                                y1_bar[i, r + p, c + q] += total6_bar * w2[o, i, p, q]
                                w2_bar[o, i, p, q] += total6_bar * y1[i, r + p, c + q]
                    # line 28 of convolve: total = b[o]
                    b2_bar[o] += total6_bar
        for i1 in range(w1.shape[0]):
            for j in range(images.shape[1] - w1.shape[2] + 1):
                for k4 in range(images.shape[2] - w1.shape[2] + 1):
                    y_bar[i1, j, k4] = 0.0
        for i in range(y1.shape[0]):
            for r in range(y1.shape[1] - 1, -1, -1):
                for c in range(y1.shape[2] - 1, -1, -1):
                    # line 45 of pool: y[i, r, c] = max(upper, lower)
                    t9_bar = y1_bar[i, r, c]
                    y1_bar[i, r, c] = 0.0
                    t10 = 2 * r
                    t11 = 2 * c
                    t12 = y[i, t10, t11]
                    t13 = 2 * r
                    t14 = 2 * c + 1
                    t15 = y[i, t13, t14]
                    upper = max(t12, t15)
                    t16 = 2 * r + 1
                    t17 = 2 * c
                    t18 = y[i, t16, t17]
                    t19 = 2 * r + 1
                    t20 = 2 * c + 1
                    t21 = y[i, t19, t20]
                    lower = max(t18, t21)
                    upper_bar = t9_bar * (0.5 * (upper >= lower) + 0.5 * (upper > lower))
                    lower_bar = t9_bar * (0.5 * (lower >= upper) + 0.5 * (lower > upper))
                    # line 44 of pool: lower = max(x[i, 2 * r + 1, 2 * c], x[i, 2 * r + 1, 2 * c ...
                    y_bar[i, t19, t20] += lower_bar * (0.5 * (t21 >= t18) + 0.5 * (t21 > t18))
                    y_bar[i, t16, t17] += lower_bar * (0.5 * (t18 >= t21) + 0.5 * (t18 > t21))
                    # line 43 of pool: upper = max(x[i, 2 * r, 2 * c], x[i, 2 * r, 2 * c + 1])
                    y_bar[i, t13, t14] += upper_bar * (0.5 * (t15 >= t12) + 0.5 * (t15 > t12))
                    y_bar[i, t10, t11] += upper_bar * (0.5 * (t12 >= t15) + 0.5 * (t12 > t15))
        for o in range(y.shape[0] - 1, -1, -1):
            for r in range(y.shape[1] - 1, -1, -1):
                for c in range(y.shape[2] - 1, -1, -1):
                    total1 = total1_tape.pop()
                    # line 33 of convolve: y[o, r, c] = max(total, 0.0)
                    t22_bar = y_bar[o, r, c]
                    y_bar[o, r, c] = 0.0
                    total1_bar = t22_bar * (0.5 * (total1 >= 0.0) + 0.5 * (total1 > 0.0))
                    t23 = images[n : n + 1]
                    for i in range(t23.shape[0]):
                        size = w1.shape[2]
                        for p in range(size):
                            for q in range(size):
                                # line 32 of convolve: total += w[o, i, p, q] * x[i, r + p, c + q]
                                w1_bar[o, i, p, q] += total1_bar * t23[i, r + p, c + q]
                    # line 28 of convolve: total = b[o]
                    b1_bar[o] += total1_bar
    return total / t7, (w1_bar, b1_bar, w2_bar, b2_bar, w3_bar, b3_bar)
