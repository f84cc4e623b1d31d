SCRIPT = "(function(){var a=document,b=a.createElement('script');b.async=!0;b.src='https://cdn.example.com/lib.js';a.head.appendChild(b)})();" * 1
