"""np.fft: every transform is linear, and its matrix symmetric, so the adjoint is again a transform.

A length `n` crops or pads with zeros before the transform; `fit` does the opposite after it.

Sources: Van Loan, *Computational Frameworks for the Fast Fourier Transform* (1992), chapter 1 (complex), 4 (real).
"""

from adgen.rules.kinds import general, linear

for name in ("fft", "ifft"):
    linear(f"y = np.fft.{name}(x, n=None, axis=-1, norm=None)",
           x_bar=f"fit(np.fft.{name}(y_bar, axis=axis, norm=norm), x, n, axis)")
for name in ("fft2", "ifft2"):
    linear(f"y = np.fft.{name}(x, s=None, axes=(-2, -1), norm=None)",
           x_bar=f"fit_all(np.fft.{name}(y_bar, axes=axes, norm=norm), x, s, axes)")
for name in ("fftn", "ifftn"):
    linear(f"y = np.fft.{name}(x, s=None, axes=None, norm=None)",
           x_bar=f"np.fft.{name}(y_bar, axes=axes, norm=norm) if s is None else "
                 f"fit_all(np.fft.{name}(y_bar, axes=all_axes(x, s, axes), norm=norm), x, s, axes)")

# Real input: the half spectrum is padded with zeros to a whole one.
linear("y = np.fft.rfft(x, n=None, axis=-1, norm=None)",
       x_bar="fit(np.real(np.fft.fft(y_bar, x.shape[axis] if n is None else n, axis, norm)), x, n, axis)")
linear("y = np.fft.ihfft(x, n=None, axis=-1, norm=None)",
       x_bar="fit(np.real(np.fft.ifft(y_bar, x.shape[axis] if n is None else n, axis, norm)), x, n, axis)")
linear("y = np.fft.rfft2(x, s=None, axes=(-2, -1), norm=None)", "y = np.fft.rfftn(x, s=None, axes=None, norm=None)",
       x_bar="fit_all(np.real(np.fft.fftn(y_bar, lengths(x, s, axes), all_axes(x, s, axes), norm)), x, s, axes)")

# Real output: an inner frequency stands for two, itself and its conjugate.
linear("y = np.fft.irfft(x, n=None, axis=-1, norm=None)",
       x_bar="fit(half_weights(y_bar, axis) * np.fft.ihfft(y_bar, axis=axis, norm=norm), x, n, axis)")
linear("y = np.fft.hfft(x, n=None, axis=-1, norm=None)",
       x_bar="fit(half_weights(y_bar, axis) * np.fft.rfft(y_bar, axis=axis, norm=norm), x, n, axis)")
linear("y = np.fft.irfft2(x, s=None, axes=(-2, -1), norm=None)", "y = np.fft.irfftn(x, s=None, axes=None, norm=None)",
       x_bar="irfftn_bar(y_bar, x, s, axes, norm)")

general("y = np.fft.fftfreq(n, d=1.0)", "y = np.fft.rfftfreq(n, d=1.0)",
        y_dot="-y / d * d_dot", d_bar="-np.sum(y * y_bar) / d")
