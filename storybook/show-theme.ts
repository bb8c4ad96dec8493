/** Shows the page light, dark, or as the system is. */
export function showTheme(theme: string): void {
  document.documentElement.dataset['theme'] = theme
}
